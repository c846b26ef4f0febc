// The evaluation sets of LEOPARD from the command line, on pages that were drawn for it.
import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fettle, fettleJson, temporaryFolder } from '../support/cli.ts';
import { documentSet, page, pagesOf, writeRows } from './fixture.ts';

interface Scored {
  readonly overall: number | null;
  readonly tasks: Record<
    string,
    { readonly n: number; readonly score: number | null; readonly intervalMethod?: string }
  >;
  readonly groups: Record<string, number | null>;
  readonly breakdowns: Record<string, Record<string, { readonly n: number }>>;
  readonly samples: readonly { readonly id: string; readonly value: number | null; readonly status?: string }[];
  readonly errors: readonly { readonly message: string; readonly samples?: readonly string[] }[];
  readonly notes: readonly string[];
}

const reply = (id: string, text: string) => ({ id, reply: text });

describe('fettle run', () => {
  it('asks on every page and scores by ANLS, clustered by document', async () => {
    const folder = temporaryFolder();
    const data = await documentSet(folder);
    const args = [
      'run',
      'mp-docvqa',
      '--data',
      data,
      '--model',
      'test:constant=42 dollars',
      '--home',
      join(folder, 'home'),
    ];
    const { json, code, stderr } = await fettleJson<Scored>(args);
    expect(code, stderr).toBe(0);
    expect(json.tasks['mp-docvqa']).toMatchObject({ n: 5, score: 0.2, intervalMethod: 'cluster bootstrap' });
    expect(json.breakdowns['images']).toMatchObject({ '1': { n: 1 }, '2': { n: 2 }, '3': { n: 2 } });
    expect(json.breakdowns['image type']).toMatchObject({ text: { n: 1 } });
  });

  it('sends all images, in order', async () => {
    const folder = temporaryFolder();
    const count = 30;
    for (let i = 0; i < count; i++) await page(join(folder, `deck/slide-${i + 1}.png`), 100 + i);
    const images = Array.from({ length: count }, (_, i) => `deck/slide-${i + 1}.png`);
    const data = join(folder, 'slides.jsonl');
    writeRows(data, [{ images_path: images, question: 'What?', answers: ['x'], ques_type: 'open-ended' }]);
    const arrived: number[][] = [];
    const server = createServer(async (message, response) => {
      const { messages } = JSON.parse(Buffer.concat(await Array.fromAsync(message)).toString()) as {
        messages: { content: { image_url?: { url: string } }[] }[];
      };
      const widths: number[] = [];
      for (const part of messages[0]?.content ?? []) {
        if (part.image_url === undefined) continue;
        const bytes = Buffer.from(part.image_url.url.split(',')[1] ?? '', 'base64');
        widths.push((await sharp(bytes).metadata()).width);
      }
      arrived.push(widths);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ choices: [{ message: { content: 'x' }, finish_reason: 'stop' }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const model = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1#loopback`;
    const args = ['run', 'slidevqa', '--data', data, '--model', model, '--home', join(folder, 'home')];
    const { json, code, stderr } = await fettleJson<Scored>(args);
    expect(code, stderr).toBe(0);
    expect(arrived).toEqual([Array.from({ length: count }, (_, i) => 100 + i)]);
    expect(json.overall).toBe(1);
    expect(json.breakdowns['images']).toHaveProperty('17-32');
  });

  it('fails samples whose image is missing, damaged or outside, and goes on', async () => {
    const folder = temporaryFolder();
    const data = await documentSet(folder);
    writeRows(join(folder, 'mpdocvqa/images/broken.png'), [{ no: 'image' }]);
    const row = { question: 'What?', options: null, answers: ['x'], ques_type: 'open-ended' };
    writeRows(data, [
      { ...row, id: 'good', images_path: pagesOf('invoice', 1) },
      { ...row, id: 'missing', images_path: ['../mpdocvqa/images/none.png'] },
      { ...row, id: 'broken', images_path: ['mpdocvqa/images/broken.png'] },
      { ...row, id: 'up', images_path: ['../../etc/passwd'] },
      { ...row, id: 'deep', images_path: ['mpdocvqa/../../../etc/passwd'] },
      { ...row, id: 'absolute', images_path: ['/etc/passwd'] },
      { ...row, id: 'address', images_path: ['http://127.0.0.1/x.png'] },
    ]);
    const args = ['run', 'mp-docvqa', '--data', data, '--model', 'test:constant=x', '--home', join(folder, 'home')];
    const { json, stderr } = await fettleJson<Scored>(args);
    const failed = json.samples.filter(({ status }) => status === 'failed').map(({ id }) => id);
    expect(failed, stderr).toEqual(['missing', 'broken', 'up', 'deep', 'absolute', 'address']);
    expect(json.tasks['mp-docvqa']).toMatchObject({ n: 7, score: 1 / 7 });
    const messages = json.errors.map(({ message }) => message).join('\n');
    expect(messages).toContain('There is no image "../mpdocvqa/images/none.png"');
    expect(messages).toContain('The image "../../etc/passwd" lies outside of the data');
    expect(messages).not.toContain('root:');
  });

  it('refuses a text model with a way out, which then runs', async () => {
    const folder = temporaryFolder();
    const data = await documentSet(folder);
    const args = ['run', 'mp-docvqa', '--data', data, '--model', 'test:echo', '--home', join(folder, 'home')];
    const { json } = await fettleJson<Scored>([...args, '--option', 'prompt=text-only']);
    expect(json.tasks['mp-docvqa']).toMatchObject({ n: 5 });
    expect(json.notes.join()).toContain('sees no images');
  });
});

describe('fettle run with captions', () => {
  it('gives a text model what is read in the images', async () => {
    const folder = temporaryFolder();
    const data = await documentSet(folder);
    const home = join(folder, 'home');
    const args = ['run', 'mp-docvqa', '--data', data, '--model', 'test:echo', '--home', home, '--prompt', 'captioned'];
    const env = { XDG_CACHE_HOME: join(folder, 'cache') };
    const { json, code, stderr } = await fettleJson<Scored>([...args, '--limit', '1'], { env });
    expect(code, stderr).toBe(0);
    expect(json.notes.join()).toContain('reads the text that was found');
    const { stdout } = await fettle(['show', 'last', 'total', '--home', home]);
    expect(stdout).toMatch(/Image 1:\n.*invoice/);
    expect(stdout).not.toContain('image/png');
  });
});

describe('fettle score', () => {
  it('scores replies by the official and the paper’s metric, and as released', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'slides.jsonl');
    await page(join(folder, 'a.png'), 50);
    const row = { images_path: ['a.png'], options: null, ques_type: 'open-ended' };
    writeRows(data, [
      { ...row, id: 'a', question: 'Which share?', answers: ['twelve percent'] },
      { ...row, id: 'b', question: 'Who?', answers: ['the sales team'] },
    ]);
    const replies = join(folder, 'replies.jsonl');
    writeRows(replies, [reply('a', '12'), reply('b', 'The sales team of Oslo')]);
    const score = async (...more: string[]) =>
      (await fettleJson<Scored>(['score', 'slidevqa', '--data', data, '--replies', replies, ...more])).json.samples;
    expect(await score()).toMatchObject([{ value: 1 }, { value: 2 / 3 }]);
    expect(await score('--option', 'metric=paper')).toMatchObject([{ value: 0 }, { value: 0 }]);
    // The released code looks for the gold within the reply.
    expect(await score('--mode', 'reference')).toMatchObject([{ value: 0 }, { value: 1 }]);
  });

  it('draws the letters that the released code draws', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'eval_mmmu.jsonl');
    const options = ['one', 'two', 'three', 'four'];
    const rows = Array.from({ length: 8 }, (_, i) => ({
      id: `q${i}`,
      images_path: [],
      question: 'Which?',
      options,
      answers: 'AACBBBAA'[i],
      ques_type: 'multiple-choice',
    }));
    writeRows(data, rows);
    const replies = join(folder, 'replies.jsonl');
    writeRows(
      replies,
      rows.map(({ id }) => reply(id, 'no idea')),
    );
    const args = ['score', 'mmmu', '--data', data, '--replies', replies];
    expect((await fettleJson<Scored>([...args, '--mode', 'reference'])).json.overall).toBe(1);
    expect((await fettleJson<Scored>(args)).json.overall).toBe(0);
    const two = await fettleJson<Scored>([...args, '--mode', 'reference', '--option', 'shards=2']);
    // The second shard begins with A, A, C instead of B, A, A.
    expect(two.json.overall).toBe(6 / 8);
  });

  it('scores a family of sets, with tasks of their own where metrics differ', async () => {
    const folder = temporaryFolder();
    await documentSet(folder);
    await page(join(folder, 'shot.png'), 40);
    const row = { images_path: ['shot.png'], question: 'What?', image_type: 'text_centric' };
    writeRows(join(folder, 'eval_visualwebbench.jsonl'), [
      { ...row, options: ['A', 'B'], answers: ['B'], ques_type: 'multiple-choice', ques_category: 'element_ground' },
      { ...row, options: null, answers: ['a red bag'], ques_type: 'webqa', ques_category: 'webqa' },
      { ...row, options: null, answers: ['a shop'], ques_type: 'captioning', ques_category: 'web_caption' },
    ]);
    writeRows(join(folder, 'notes.jsonl'), [{ note: 'no questions' }]);
    const replies = join(folder, 'replies.txt.jsonl');
    writeRows(replies, [
      reply('mp-docvqa/total', '42 dollars'),
      reply('visualwebbench/eval_visualwebbench#0', 'B'),
      reply('visualwebbench/eval_visualwebbench#1', 'bag'),
      reply('visualwebbench/eval_visualwebbench#2', 'a shop'),
    ]);
    const args = ['score', 'text-rich-images', '--data', folder, '--replies', replies, '--missing', 'skip'];
    const { json, code, stderr } = await fettleJson<Scored>(args);
    expect(code, stderr).toBe(0);
    expect(json.tasks).toMatchObject({
      'mp-docvqa': { n: 1, score: 1 },
      'visualwebbench/element_ground': { score: 1 },
      'visualwebbench/webqa': { score: 0.5 },
      'visualwebbench/web_caption': { score: 1 },
    });
    expect(json.groups).toMatchObject({ 'mp-docvqa': 1, visualwebbench: (1 + 0.5 + 1) / 3 });
    expect(json.notes.join('\n')).toContain('left out notes.jsonl');
  });
});

describe('faults', () => {
  const row = { images_path: [], question: 'What?', options: null, answers: ['x'], ques_type: 'open-ended' };

  it.each<[string, unknown, RegExp]>([
    ['an unknown type', { ...row, ques_type: 'essay' }, /:2: there is no ques_type "essay"/],
    ['a line that is no JSON', '{"question": ', /:2|line 2/],
    [
      'a choice without options',
      { ...row, ques_type: 'multiple-choice' },
      /:2: a multiple-choice question needs options/,
    ],
    ['a repeated id', { ...row, id: 'first' }, /:2: the id "first" is that of line 1 too/],
  ])('names file and line of %s', async (_, second, message) => {
    const folder = temporaryFolder();
    const data = join(folder, 'mine.jsonl');
    writeRows(data, [{ ...row, id: 'first' }]);
    appendFileSync(data, `${typeof second === 'string' ? second : JSON.stringify(second)}\n`);
    const { code, stderr } = await fettle(['run', 'mirb', '--data', data, '--model', 'test:echo', '--home', folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    const skipped = await fettleJson<Scored>([
      'run',
      'mirb',
      '--data',
      data,
      '--model',
      'test:echo',
      '--home',
      folder,
      '--option',
      'faults=skip',
    ]);
    expect(skipped.code, skipped.stderr).toBe(0);
    expect(skipped.json.tasks['mirb']).toMatchObject({ n: 1 });
    expect(skipped.json.notes.join()).toContain('1 faulty row left out');
  });

  it('lists every fault with data check', async () => {
    const folder = temporaryFolder();
    const data = await documentSet(folder);
    const clean = await fettleJson(['data', 'check', 'mp-docvqa', '--data', data]);
    expect([clean.code, clean.json]).toEqual([0, { errors: 0, warnings: 0, faults: [] }]);
    writeRows(data, [
      { ...row, id: 'a', images_path: ['gone.png', '../../../x.png', 'mpdocvqa/images/cut.png'] },
      { ...row, id: 'b', answers: [] },
      { ...row, id: 'c', ques_type: 'essay' },
      { ...row, id: 'd', options: ['x', 'y'], answers: ['Z'], ques_type: 'multiple-choice' },
    ]);
    writeFileSync(join(folder, 'mpdocvqa/images/cut.png'), '<!doctype html><p>404');
    const { code, stdout } = await fettle(['data', 'check', 'mp-docvqa', '--data', data]);
    expect(code).toBe(1);
    for (const words of [
      'jsonl:1: error: There is no image "gone.png"',
      'jsonl:1: error: The image "../../../x.png" lies outside',
      'jsonl:1: error: Image mpdocvqa/images/cut.png cannot be used: it is an HTML page',
      'jsonl:2: error: there is no gold answer',
      'jsonl:2: warning: the question has no images',
      'jsonl:3: error: there is no ques_type "essay"',
      'jsonl:4: error: the gold answer "Z" is none of the 2 options',
    ]) {
      expect(stdout).toContain(words);
    }
  });

  it.each([
    [['--option', 'prompt=fast'], /option prompt cannot be "fast"/],
    [['--prompt', 'captioned,text-only'], /either text-only or captioned/],
    [['--prompt', 'cot,direct'], /either direct or cot/],
    [['--option', 'shards=0'], /option shards cannot be "0"/],
    [['--option', 'set=toString'], /no set "toString"/],
    [['--option', 'colour=red'], /no option "colour"/],
    [['--mode', 'exact'], /no mode "exact"/],
  ])('refuses %j', async (more, message) => {
    const folder = temporaryFolder();
    const data = await documentSet(folder);
    const { code, stderr } = await fettle(['run', 'mp-docvqa', '--data', data, '--model', 'test:echo', ...more]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('says what it expects where it finds nothing', async () => {
    const folder = temporaryFolder();
    writeRows(join(folder, 'one.jsonl'), [row]);
    writeRows(join(folder, 'two.jsonl'), [row]);
    const { code, stderr } = await fettle(['run', 'dude', '--data', folder, '--model', 'test:echo']);
    expect(code).toBe(2);
    expect(stderr).toContain('eval_dude.jsonl');
    const without = await fettle(['run', 'dude', '--model', 'test:echo'], { env: { FETTLE_HOME: folder } });
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('eval_dude.jsonl');
  });
});
