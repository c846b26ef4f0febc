// Pages drawn for the tests, and questions on them in the form of LEOPARD's evaluation files.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** Writes a page of plain colour with a line of text; its width tells it apart. */
export async function page(path: string, width: number, text = 'page'): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="60"><rect width="100%" height="100%" fill="white"/><text x="4" y="40" font-size="24">${text}</text></svg>`;
  await sharp(Buffer.from(svg)).png().toFile(path);
}

export function writeRows(path: string, rows: readonly object[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/** As the loaders write paths: seen from a folder beside the file. */
export function pagesOf(document: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `../mpdocvqa/images/${document}_p${i}.png`);
}

/** A folder with `eval_mpdocvqa.jsonl`, five questions on two documents, and its pages. */
export async function documentSet(folder: string): Promise<string> {
  for (const [document, count] of [
    ['invoice', 3],
    ['report', 2],
  ] as const) {
    for (let i = 0; i < count; i++) {
      const name = `${document}_p${i}.png`;
      await page(join(folder, 'mpdocvqa/images', name), 100 + 10 * i + (document === 'report' ? 5 : 0), name);
    }
  }
  const file = join(folder, 'eval_mpdocvqa.jsonl');
  const open = { options: null, concated_options: null, ques_type: 'open-ended' };
  writeRows(file, [
    {
      ...open,
      id: 'total',
      images_path: pagesOf('invoice', 3),
      question: 'What is the total?',
      answers: ['42 dollars'],
    },
    { ...open, id: 'sender', images_path: pagesOf('invoice', 3), question: 'Who sent it?', answers: ['Acme'] },
    { ...open, id: 'year', images_path: pagesOf('report', 2), question: 'Which year?', answers: "['2021']" },
    { ...open, id: 'place', images_path: pagesOf('report', 1), question: 'Where?', answers: ['Oslo'], options: 'None' },
    {
      ...open,
      id: 'title',
      images_path: pagesOf('report', 2),
      question: 'Title?',
      answers: ['Growth'],
      image_type: 'text',
    },
  ]);
  return file;
}
