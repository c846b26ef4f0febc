import { describe, expect, it } from 'vitest';
import type { ImagePart, Sample } from '../core/index.ts';
import { bytesSource } from './bytes/bytes-source.ts';
import { samplesFromRows, type SamplesFromRowsOptions } from './rows-to-samples.ts';

const samples = (text: string, options: SamplesFromRowsOptions = {}, name = 'shop.jsonl'): Promise<Sample[]> =>
  Array.fromAsync(samplesFromRows(bytesSource(text, name), options));

const lines = (...rows: unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

describe('samplesFromRows', () => {
  it('takes ids from the row, else from file and position; the rest is metadata', async () => {
    expect(await samples(lines({ id: 7, input: 'q', target: 'a', note: [1] }))).toEqual([
      { id: '7', input: [{ role: 'user', content: 'q' }], target: 'a', metadata: { note: [1] } },
    ]);
    expect((await samples('input,target\nq,a\nr,b\n', {}, 'dir.v1/shop.csv.gz')).map(({ id }) => id)).toEqual([
      'dir.v1/shop#0',
      'dir.v1/shop#1',
    ]);
  });

  it('reads messages, system text, choices of every spelling, groups and labels', async () => {
    const [one, two, three] = await samples(
      lines(
        { q: 'one', a: 0, options: ['x', 2], sys: 'be brief', who: 'g1', lang: 'de' },
        {
          q: [
            { role: 'user', content: 'hi' },
            { role: 'assistant', content: [{ type: 'text', text: 'ho' }] },
          ],
          a: null,
          options: "['it''s', \"b\"]",
          sys: '',
          who: 2,
          lang: 'en',
        },
        { q: 'three', a: {}, options: 'yes | no', sys: 's', who: 'g', lang: true },
      ),
      {
        inputField: 'q',
        targetField: 'a',
        choicesField: 'options',
        systemField: 'sys',
        groupField: 'who',
        labels: ['lang'],
      },
    );
    expect(one).toEqual({
      id: 'shop#0',
      input: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'one' },
      ],
      target: 0,
      choices: ['x', '2'],
      group: 'g1',
      labels: { lang: 'de' },
      metadata: { lang: 'de' },
    });
    expect(two?.choices).toEqual(['its', 'b']);
    expect(two?.input[2]).toEqual({ role: 'assistant', content: [{ type: 'text', text: 'ho' }] });
    expect(three).toMatchObject({ choices: ['yes', 'no'], labels: { lang: 'true' }, target: {} });
  });

  it('puts images before the text of the last user message', async () => {
    const pixel = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
    const [sample] = await samples(lines({ input: 'see', target: 1, pictures: [pixel, null, pixel] }), {
      imageField: 'pictures',
    });
    const content = sample?.input[0]?.content as readonly [ImagePart];
    expect(content.map((part) => part.type)).toEqual(['image', 'image', 'text'] as never);
    expect(await content[0].image.load()).toMatchObject({ mediaType: 'image/gif' });
    expect(sample?.metadata).toBeUndefined();
  });

  it.each([
    [
      lines({ input: 'q', target: 1 }, { imput: 'q', target: 1 }),
      'shop.jsonl:2',
      /no field "input"/,
      /The row has imput, target\. Did you mean "imput"\?/,
    ],
    [lines({ input: 'q' }), 'shop.jsonl:1', /no field "target"/, /The row has input/],
    [
      lines({ input: { text: 'q' }, target: 1 }),
      'shop.jsonl:1',
      /"input" must be text or a list of messages/,
      undefined,
    ],
    [lines({ input: [{ role: 'tool', content: '' }], target: 1 }), 'shop.jsonl:1', /"input" must be/, undefined],
    [lines({ input: [null], target: 1 }), 'shop.jsonl:1', /"input" must be/, undefined],
    [
      lines({ id: 'a', input: 'q', target: 1 }, {}, { id: 'a', input: 'q', target: 1 }),
      'shop.jsonl:2',
      /no field/,
      undefined,
    ],
    [
      `${lines({ id: 'a', input: 'q', target: 1 })}\n\n${lines({ id: 'a', input: 'q', target: 1 })}`,
      'shop.jsonl:3',
      /"a" was used on line 1/,
      /differ/,
    ],
  ])('says what is wrong with %s', async (text, where, message, hint) => {
    const error = await samples(text).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'data-invalid', where, message: expect.stringMatching(message) as string });
    if (hint !== undefined) expect((error as { hint: string }).hint).toMatch(hint);
  });

  it('needs no target where there is none', async () => {
    expect(await samples(lines({ input: 'q' }), { targetField: null })).toMatchObject([{ target: null }]);
  });

  it('is lazy: a fault far down does not hinder the first samples', async () => {
    const iterator = samplesFromRows(bytesSource(lines({ input: 'q', target: 1 }, { oops: 1 }), 'shop.jsonl'));
    expect((await iterator.next()).value).toMatchObject({ id: 'shop#0' });
    await expect(iterator.next()).rejects.toMatchObject({ where: 'shop.jsonl:2' });
  });
});
