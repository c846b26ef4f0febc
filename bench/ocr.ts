// Reading of charts by OCR: seconds a chart, peak memory, and what share of the gold answers' numbers and labels is read.
//   node bench/ocr.ts [--data ../shared/data/multichartqa] [--groups 22] [--threads 1]
// Every fifth group with charts is read, from the third on, without a cache. A gold part counts as read when its number,
// or its words, stand in the text of one of the question's charts. Many golds stand in no chart (counts, differences,
// values between ticks), so 100 % cannot be reached by any reader: the figure compares readers and recipes.
import { parseArgs } from 'node:util';
import { loadQuestions } from '../src/benchmarks/multichartqa/data/load.ts';
import type { Chart, Question } from '../src/benchmarks/multichartqa/data/question.ts';
import { createOcr, pageText } from '../src/data/index.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/multichartqa' },
    groups: { type: 'string', default: '22' },
    threads: { type: 'string', default: '1' },
  },
});

const plain = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(/[−–—]/g, '-').replace(/[,$%]/g, '').replace(/\s+/g, ' ').trim();

const isNumber = /^[-+]?\d[\d.]*$/;
/** Letters and words of judgement stand in no chart. */
const neverRead = /^(?:[a-d]|yes|no|not applicable|increase|decrease|)$/;

function isRead(part: string, text: string): boolean {
  if (!isNumber.test(part)) return text.includes(part);
  const tokens = text.split(/[^\p{L}\p{N}.+-]+/u).map((token) => token.replace(/^\.+|\.+$/g, ''));
  return tokens.includes(part) || tokens.includes(part.replace(/^[-+]/, ''));
}

const { questions, close } = await loadQuestions(values.data, { order: 'json' });
const byGroup = [
  ...Map.groupBy(
    questions.filter(({ charts }) => charts.every(({ image }) => image)),
    ({ group }) => group,
  ),
];
const chosen = byGroup.filter((_, i) => i % 5 === 2).slice(0, Number(values.groups));
const ocr = createOcr({ cache: null, threads: Number(values.threads) });

const seconds: number[] = [];
const texts = new Map<string, string>();
async function read({ path, image }: Chart): Promise<void> {
  if (image === undefined || texts.has(path)) return;
  texts.set(path, '');
  const begin = performance.now();
  texts.set(path, pageText(await ocr.read(image)));
  seconds.push((performance.now() - begin) / 1000);
}
const started = performance.now();
for (const [, members] of chosen) for (const chart of (members[0] as Question).charts) await read(chart);
const elapsed = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage();
const cpu = (user + system) / 1e6 / seconds.length;

const found = { number: { read: 0, all: 0 }, label: { read: 0, all: 0 } };
for (const { type, answer, charts } of chosen.flatMap(([, members]) => members)) {
  if (type !== 'open-ended') continue;
  const text = plain(charts.map(({ path }) => texts.get(path) ?? '').join(' '));
  for (const part of answer.split(';').map(plain)) {
    if (neverRead.test(part)) continue;
    const kind = found[isNumber.test(part) ? 'number' : 'label'];
    kind.all += 1;
    if (isRead(part, text)) kind.read += 1;
  }
}
seconds.sort((a, b) => a - b);
const characters = [...texts.values()].map(({ length }) => length).sort((a, b) => a - b);
const middle = <T>(list: readonly T[]): T | undefined => list[Math.floor(list.length / 2)];
console.log(`engine            ${ocr.engine}`);
console.log(`charts            ${seconds.length} of ${chosen.length} groups, ${values.threads} thread(s)`);
console.log(
  `seconds a chart   ${(elapsed / seconds.length).toFixed(2)}, median ${middle(seconds)?.toFixed(2)}, longest ${seconds.at(-1)?.toFixed(1)}; of CPU ${cpu.toFixed(2)}`,
);
console.log(`characters read   median ${middle(characters)}, most ${characters.at(-1)}`);
console.log(`gold numbers read ${found.number.read} of ${found.number.all}`);
console.log(`gold labels read  ${found.label.read} of ${found.label.all}`);
console.log(`peak memory       ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
await ocr.close();
await close();
