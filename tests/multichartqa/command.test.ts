// The benchmark from the command line: what is sent, what is read by OCR, what is checked and fetched.
import { existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { chartSource } from '../../src/benchmarks/multichartqa/source.ts';
import { testZip } from '../../src/data/archives/zip-fixture.ts';
import { canDrawText } from '../../src/data/ocr/testing/draw-chart.ts';
import { fettle, fettleJson, temporaryFolder } from '../support/cli.ts';
import { chartBytes, filesOf, madeGroups, writeMerged, writeReleased } from './chart-data.ts';

const withText = await canDrawText();

interface Shown {
  readonly samples: readonly {
    readonly id: string;
    readonly task: string;
    readonly value: number | null;
    readonly error?: { readonly code: string; readonly message: string };
  }[];
  readonly overall: number | null;
  readonly notes: readonly string[];
  readonly breakdowns: Record<string, Record<string, { readonly n: number }>>;
  readonly errors: readonly { readonly message: string }[];
}

type Part = { readonly text?: string; readonly image_url?: { readonly url: string } };

/** An endpoint that keeps the parts of every message and answers "Answer: 2". */
async function listener(): Promise<{ model: string; messages: Part[][] }> {
  const messages: Part[][] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { messages: { content: string | Part[] }[] };
      const content = body.messages.at(-1)?.content ?? '';
      messages.push(typeof content === 'string' ? [{ text: content }] : content);
      const choices = [{ index: 0, message: { role: 'assistant', content: 'Answer: 2' }, finish_reason: 'stop' }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: '1', object: 'chat.completion', model: 'eyes', choices }));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return { model: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1#eyes`, messages };
}

function run(data: string, model: string, more: readonly string[] = []) {
  const home = temporaryFolder();
  const env = { XDG_CACHE_HOME: join(home, 'cache') };
  const args = ['run', 'multichartqa', '--data', data, '--model', model, '--home', home, ...more];
  return fettleJson<Shown>(args, { env }).then((end) => ({ ...end, home, env }));
}

const textOf = (parts: readonly Part[]): string => parts.map(({ text = '#' }) => text).join('');

describe('run', () => {
  test('sends all charts of a group in order, as they are, with their true type', async () => {
    const { model, messages } = await listener();
    const end = await run(await writeReleased(temporaryFolder()), model);
    expect(end.code, end.stderr).toBe(0);
    expect(end.json.samples).toHaveLength(8);
    // The open questions whose gold is 2.
    expect(end.json.samples.filter(({ value }) => value === 1).map(({ id }) => id)).toEqual([
      'added_arxiv_9901.00001v1_question_0',
      'pew_2_orchards_question_0',
    ]);
    expect(messages).toHaveLength(8);
    const three = messages.filter((parts) => parts.filter((part) => part.image_url !== undefined).length === 3);
    expect(three).toHaveLength(4);
    for (const parts of three) {
      const sent = parts.flatMap(({ image_url: image }) => (image === undefined ? [] : [image.url]));
      expect(sent.map((url) => url.slice(0, url.indexOf(';')))).toEqual([
        'data:image/png',
        'data:image/jpeg',
        'data:image/webp',
      ]);
      for (const [i, file] of (madeGroups[0]?.files ?? []).entries()) {
        const bytes = Buffer.from(sent[i]?.slice(sent[i].indexOf(',') + 1) ?? '', 'base64');
        expect(bytes.equals(await chartBytes('pew_2_orchards', file)), file).toBe(true);
      }
      expect(textOf(parts)).toMatch(/Chart 1:#Chart 2:#Chart 3:#\n\nQuestion/);
    }
  });

  test('fails the questions of a missing or truncated chart alone, with its name, and goes on', async () => {
    const { model } = await listener();
    const data = await writeReleased(temporaryFolder());
    await rm(join(data, 'data/pew_2_orchards/b.png'));
    const end = await run(data, model);
    expect(end.json.samples).toHaveLength(8);
    expect(end.json.errors.map(({ message }) => message).join('\n')).toContain('pew_2_orchards/b.png');
    expect(end.json.samples.filter(({ value }) => value === 1).map(({ id }) => id)).toEqual([
      'added_arxiv_9901.00001v1_question_0',
    ]);
  });

  test.skipIf(!withText)(
    '--prompt captioned sends what OCR reads, no picture, and keeps it for the next run',
    async () => {
      const { model, messages } = await listener();
      const data = await writeMerged(temporaryFolder());
      const end = await run(data, model, ['--prompt', 'captioned', '--limit', '4']);
      expect(end.code, end.stderr).toBe(0);
      expect(messages).toHaveLength(4);
      expect(messages.flat().some((part) => part.image_url !== undefined)).toBe(false);
      for (const parts of messages) {
        expect(textOf(parts)).toMatch(/Chart 1:\n[^]*Yield \d\d[^]*East \| West[^]*Chart 2:\n[^]*Yield \d\d/);
      }
      expect(end.json.breakdowns['caption']).toMatchObject({ whole: { n: 4 } });
      expect(end.stderr).toContain('charts are read by OCR');
      const pages = readdirSync(join(end.home, 'cache', 'fettle', 'ocr'), { recursive: true, encoding: 'utf8' });
      expect(pages.filter((name) => name.endsWith('.json')).length).toBeGreaterThanOrEqual(1);
      const again = await fettle(
        [
          'run',
          'multichartqa',
          '--data',
          data,
          '--model',
          model,
          '--home',
          end.home,
          '--prompt',
          'captioned',
          '--limit',
          '4',
        ],
        { env: end.env },
      );
      expect(again.code, again.stderr).toBe(0);
      expect(again.stderr).not.toContain('charts are read by OCR');
      expect(messages.slice(4).map(textOf)).toEqual(messages.slice(0, 4).map(textOf));
    },
  );

  test.skipIf(!withText)('cuts captions to the characters that were given, and counts how often', async () => {
    const { model, messages } = await listener();
    const more = ['--prompt', 'captioned', '--limit', '4', '--option', 'captions=20'];
    const end = await run(await writeMerged(temporaryFolder()), model, more);
    expect(end.code, end.stderr).toBe(0);
    expect(end.json.breakdowns['caption']).toMatchObject({ cut: { n: 4 } });
    for (const parts of messages) expect(textOf(parts)).toContain('[cut]');
  });

  test('fails a question whose chart OCR cannot read, and no other', async () => {
    const { model } = await listener();
    const data = await writeReleased(temporaryFolder());
    const bytes = await chartBytes('pew_2_orchards', 'a.png');
    await writeFile(join(data, 'data/pew_2_orchards/a.png'), bytes.subarray(0, bytes.length / 2));
    const end = await run(data, model, ['--prompt', 'captioned']);
    expect(end.json.samples.filter(({ value }) => value === 1)).toHaveLength(1);
    expect(end.json.errors.map(({ message }) => message).join('\n')).toMatch(/a\.png cannot be decoded/);
  });

  test('is told apart from a run with another prompt where both are compared', async () => {
    const data = await writeMerged(temporaryFolder());
    const home = temporaryFolder();
    for (const prompt of ['text-only', 'direct']) {
      const words = ['--data', data, '--model', 'test:echo', '--prompt', prompt, '--home', home];
      const end = await fettle(['run', 'multichartqa', ...words]);
      expect(end.stdout, end.stderr).toContain(`method: direct, prompt ${prompt}`);
    }
    const { json } = await fettleJson<{ id: string }[]>(['runs', '--home', home]);
    const compared = await fettle(['compare', ...json.map(({ id }) => id).toReversed(), '--home', home]);
    expect(compared.stdout, compared.stderr).toMatch(/A: test:echo · direct, prompt text-only ·/);
    expect(compared.stdout).toMatch(/B: test:echo · direct, prompt direct ·/);
  });

  test('takes --prompt once, and names the prompts that there are', async () => {
    const data = await writeMerged(temporaryFolder());
    const twice = await fettle([
      'run',
      'multichartqa',
      '--data',
      data,
      '--model',
      'test:echo',
      '--prompt',
      'direct',
      '--option',
      'prompt=cot',
    ]);
    expect(twice.code).toBe(2);
    expect(twice.stderr).toMatch(/given twice/);
    const unknown = await fettle(['run', 'multichartqa', '--data', data, '--model', 'test:echo', '--prompt', 'poem']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/cot, direct, text-only, captioned/);
  });
});

describe('data', () => {
  test('check lists every kind of fault, with file and line', async () => {
    const folder = await writeReleased(temporaryFolder());
    const group = join(folder, 'data/pew_2_orchards');
    const file = join(group, 'chart-path_and_question-answer_pair.json');
    const row = (i: number, changes: object) => ({
      id: `pew_2_orchards_question_${i}`,
      image: ['data\\pew_2_orchards\\a.png', 'data\\pew_2_orchards\\b.png', 'data\\pew_2_orchards\\c.png'],
      question: 'Question: Which?\nA. One\nB. Two',
      answer: 'A',
      task: 'Comparative_Reasoning/Content',
      type: 'multiple-choice',
      ...changes,
    });
    const rows = [
      row(0, { type: 'open-ended' }),
      row(0, { task: 'Cooking/Soup' }),
      row(2, { answer: 'TÃ¼rkiye', type: 'open-ended' }),
      row(3, { type: 'essay' }),
      row(4, { answer: undefined }),
    ];
    await writeFile(file, `[\n${rows.map((one) => JSON.stringify(one)).join(',\n')}\n]`);
    await rm(join(group, 'c.png'));
    await rm(join(folder, 'data/added_arxiv_9901.00001v1/chart-path_and_question-answer_pair.json'));
    const end = await fettleJson<{ errors: number; faults: { file: string; line?: number; message: string }[] }>([
      'data',
      'check',
      'multichartqa',
      '--data',
      folder,
    ]);
    expect(end.code).toBe(1);
    const told = end.json.faults.map((fault) => `${fault.line ?? '-'} ${fault.message}`).join('\n');
    for (const expected of [
      /2 the type is open-ended, but question and answer look multiple-choice/,
      /3 the id "pew_2_orchards_question_0" is also that of .*:2/,
      /3 the task "Cooking\/Soup" is in no release/,
      /4 the gold "TÃ¼rkiye" is double-encoded.*"Türkiye"/,
      /5 the type "essay" is unknown/,
      /6 the field "answer" is missing/,
      /the chart pew_2_orchards\/c\.png is missing/,
      /b\.png is image\/jpeg/,
      /charts without a file of questions/,
    ]) {
      expect(told).toMatch(expected);
    }
  });

  test('check finds nothing but its traps in a whole data set', async () => {
    const end = await fettleJson<{ errors: number; faults: { message: string }[] }>([
      'data',
      'check',
      'multichartqa',
      '--data',
      await writeMerged(temporaryFolder()),
    ]);
    expect(end.code, end.stderr).toBe(0);
    expect(end.json.faults.map(({ message }) => message).toSorted()).toEqual([
      expect.stringMatching(/^the chart .*b\.png is image\/jpeg/),
      expect.stringMatching(/^the chart .*c\.png is image\/webp/),
      expect.stringMatching(/^the charts of added_arxiv_9901\.00001v1 are listed in another order/),
    ]);
  });

  test('pull fetches the repository’s archive, unpacks it, and runs find it', async () => {
    const files = await filesOf(await writeReleased(temporaryFolder()));
    const zip = testZip([...files].map(([name, content]) => ({ name: `Multi-chart-QA-1/${name}`, content })));
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200, { 'content-length': zip.length });
      response.end(zip);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const root = temporaryFolder();
    const env = { FETTLE_DATA: root, XDG_CACHE_HOME: temporaryFolder() };
    const pulled = await fettle(['data', 'pull', 'multichartqa', '--from', origin], { env });
    expect(pulled.code, pulled.stderr).toBe(0);
    expect(pulled.stderr).toContain('CC BY-NC 4.0');
    expect(asked).toEqual([new URL(chartSource.files[0]?.url ?? '').pathname]);
    expect(existsSync(join(root, 'multichartqa'))).toBe(true);
    const args = ['run', 'multichartqa', '--model', 'test:constant=Answer: 2', '--prompt', 'text-only', '--home', root];
    const end = await fettleJson<Shown>(args, { env });
    expect(end.code, end.stderr).toBe(0);
    expect(end.json.samples).toHaveLength(8);
    expect(end.json.overall).toBe(2 / 8);
  });
});
