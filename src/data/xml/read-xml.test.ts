import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { bytesSource } from '../bytes/bytes-source.ts';
import { childText, readXml, type ReadXmlOptions, type XmlElement } from './index.ts';

const read = (text: string | Uint8Array, options: Partial<ReadXmlOptions> = {}): Promise<XmlElement[]> =>
  Array.fromAsync(readXml(bytesSource(text, 'set.xml'), { record: 'Problem', ...options }));

const set = `<?xml version="1.0" encoding="UTF-8" ?>
<Set>
  <!-- a remark -->
  <Problem ID="a-1" Grade="2">
    <Body>Tea &amp; cake cost 5 &lt; 6 &#163;.</Body>
    <Answer><![CDATA[5 <pounds>]]></Answer>
  </Problem>
  <Problem
    ID="a-2"><Body/><Answer>7</Answer></Problem>
</Set>`;

describe('readXml', () => {
  it('gives records with lines, attributes, entities and sections', async () => {
    const [first, second] = await read(set);
    expect(first?.attributes.get('ID')).toBe('a-1');
    expect(childText(first as XmlElement, 'Body')).toBe('Tea & cake cost 5 < 6 £.');
    expect(childText(first as XmlElement, 'Answer')).toBe('5 <pounds>');
    expect(childText(first as XmlElement, 'Formula')).toBeUndefined();
    expect([first?.line, second?.line]).toEqual([4, 8]);
    expect(second?.children.map(({ name }) => name)).toEqual(['Body', 'Answer']);
  });

  it('reads gzip, UTF-16 and any cut between chunks alike', async () => {
    const whole = await read(set);
    expect(await read(gzipSync(set))).toEqual(whole);
    expect(await read(Buffer.from(`\ufeff${set}`, 'utf16le'))).toEqual(whole);
    const bytes = Buffer.from(set);
    const source = {
      ...bytesSource(bytes, 'set.xml'),
      async *stream() {
        for (const byte of bytes) yield Uint8Array.of(byte);
      },
    };
    expect(await Array.fromAsync(readXml(source, { record: 'Problem' }))).toEqual(whole);
  });

  it.each<[string, string, string, RegExp]>([
    [
      'a bomb of entities',
      '<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><s><Problem>&b;</Problem></s>',
      'data-invalid',
      /document types are refused/,
    ],
    [
      'an external entity',
      '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><s><Problem>&x;</Problem></s>',
      'data-invalid',
      /document types are refused/,
    ],
    ['an unknown entity', '<s>\n<Problem>&nope;</Problem></s>', 'data-invalid', /line 2: Invalid character entity/],
    ['tags that do not match', '<s>\n\n<Problem></Answer></s>', 'data-invalid', /line 3: Unexpected close tag/],
    ['a cut document', '<s><Problem><Body>half', 'data-truncated', /ends within <Body>/],
    ['text alone', 'no tags here', 'data-invalid', /Non-whitespace before first tag/],
    ['nothing', '', 'data-invalid', /no element/],
    ['two roots', '<a/><b/>', 'data-invalid', /second root element/],
  ])('refuses %s', async (_, text, code, message) => {
    await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('stops at depth, length, count and size', async () => {
    const deep = `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`;
    await expect(read(deep)).rejects.toMatchObject({ code: 'data-too-large' });
    await expect(read(deep, { maxDepth: 100 })).resolves.toEqual([]);
    const long = `<s><Problem>${'x'.repeat(300_000)}</Problem></s>`;
    await expect(read(long, { maxRecordCharacters: 200_000 })).rejects.toMatchObject({ code: 'data-too-large' });
    expect((await read(long))[0]?.text).toHaveLength(300_000);
    const many = `<s><Problem>${'<b/>'.repeat(50)}</Problem></s>`;
    await expect(read(many, { maxRecordElements: 20 })).rejects.toMatchObject({ code: 'data-too-large' });
    await expect(read(set, { maxBytes: 100 })).rejects.toMatchObject({ code: 'data-too-large' });
  });

  it('names the line near bytes that are not UTF-8', async () => {
    const bad = Buffer.concat([
      Buffer.from('<s>\n<Problem>'),
      Uint8Array.of(0xff, 0xfe),
      Buffer.from('</Problem></s>'),
    ]);
    await expect(read(bad)).rejects.toMatchObject({ code: 'data-encoding' });
  });
});
