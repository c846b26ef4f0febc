import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testZip, type TestMember } from './zip-fixture.ts';
import { openData, openSource } from '../tree/open-data.ts';
import { readRows } from '../rows/read-rows.ts';
import { extractArchive } from './extract-archive.ts';
import { isWindowsTrap } from './member-name.ts';

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fettle-archives-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function testTar(
  members: readonly (Partial<Header> & { name: string; content?: string | Buffer })[],
): Promise<Buffer> {
  const archive = pack();
  for (const { content = '', ...header } of members) archive.entry(header, content);
  archive.finalize();
  return Buffer.concat(await Array.fromAsync(archive as unknown as AsyncIterable<Buffer>));
}

async function save(bytes: Uint8Array, suffix: string): Promise<string> {
  const path = join(folder, `${++count}${suffix}`);
  await writeFile(path, bytes);
  return path;
}

const text = async (bytes: Promise<Uint8Array>): Promise<string> => Buffer.from(await bytes).toString('utf8');

const files = {
  'b/two.csv': 'a,b\n1,2\n',
  'a/one.jsonl': '{"a":1}\n{"a":2}\n',
  'long.txt': 'x'.repeat(300_000),
  'empty.txt': '',
};
const members: TestMember[] = [
  ...Object.entries(files).map(([name, content]) => ({ name, content })),
  { name: 'a/', mode: 0o40755 },
  { name: '__MACOSX/a/._one.jsonl', content: 'clutter' },
  { name: 'a/.DS_Store', content: 'clutter' },
];

async function everyForm(): Promise<Record<string, string>> {
  const root = join(folder, 'plain');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const tar = await testTar(
    members.map(({ name, content = '' }) => ({
      name,
      content: content as string,
      ...(name.endsWith('/') ? { type: 'directory' as const } : {}),
    })),
  );
  return {
    folder: root,
    zip: await save(testZip(members), '.zip'),
    tar: await save(tar, '.tar'),
    'tar.gz': await save(gzipSync(tar), '.tgz'),
  };
}

describe('openData', () => {
  it('gives the same entries, bytes and hash for a folder, a zip, a tar and a tar.gz', async () => {
    const hashes = new Set<string>();
    for (const [form, path] of Object.entries(await everyForm())) {
      await using tree = await openData(path);
      const entries = await tree.list();
      expect(
        entries.map((entry) => entry.path),
        form,
      ).toEqual(['a/one.jsonl', 'b/two.csv', 'empty.txt', 'long.txt']);
      for (const entry of entries) {
        expect(await text(entry.bytes())).toBe(files[entry.path as keyof typeof files]);
        expect(Buffer.concat(await Array.fromAsync(entry.stream())).toString()).toBe(
          files[entry.path as keyof typeof files],
        );
        expect(entry.size).toBe(files[entry.path as keyof typeof files].length);
      }
      expect(await Array.fromAsync(readRows(await tree.need('a/one.jsonl')))).toHaveLength(2);
      hashes.add(await tree.sha256());
      expect((await tree.get('.\\a\\one.jsonl'))?.path).toBe('a/one.jsonl');
    }
    expect(hashes.size).toBe(1);
  });

  it('hashes what was read, in an order that does not depend on the reading', async () => {
    const { folder: root } = await everyForm();
    await using one = await openData(root as string);
    await (await one.need('long.txt')).bytes();
    await (await one.need('b/two.csv')).bytes();
    await using other = await openData(root as string);
    expect(await one.sha256()).toBe(await other.sha256(['b/two.csv', 'long.txt']));
    expect(await one.sha256()).not.toBe(await other.sha256(['b/two.csv']));
  });

  it('names what may have been meant', async () => {
    const { zip } = await everyForm();
    await using tree = await openData(zip as string);
    await expect(tree.need('a/ones.jsonl')).rejects.toMatchObject({
      code: 'data-missing',
      hint: 'Did you mean a/one.jsonl?',
    });
    await expect(openData(join(folder, 'absent'))).rejects.toMatchObject({ code: 'data-missing', exitCode: 2 });
  });

  it('opens a single file, and an archive within a folder', async () => {
    const { folder: root } = await everyForm();
    await using single = await openData(join(root as string, 'b/two.csv'));
    expect((await single.list()).map(({ path }) => path)).toEqual(['two.csv']);
    await writeFile(join(root as string, 'nested.bin'), testZip(members));
    await using tree = await openData(root as string);
    await using nested = await openSource(await tree.need('nested.bin'));
    expect(await nested.list()).toHaveLength(4);
    await using twice = await openData(await save(testZip([{ name: 'in.zip', content: testZip(members) }]), '.zip'));
    await using inner = await openSource(await twice.need('in.zip'));
    expect(await text((await inner.need('b/two.csv')).bytes())).toBe('a,b\n1,2\n');
    await rm(join(root as string, 'nested.bin'));
  });

  it('finds a name in another Unicode form', async () => {
    await using tree = await openData(await save(testZip([{ name: 'cafe\u0301.txt', content: 'x' }]), '.zip'));
    expect(await tree.get('caf\u00e9.txt')).toBeDefined();
  });

  it('follows links within a folder, notes those that lead outside', async () => {
    const root = await mkdtemp(join(folder, 'links-'));
    await writeFile(join(root, 'real.txt'), 'x');
    await symlink('real.txt', join(root, 'inner.txt'));
    await symlink('/etc/hostname', join(root, 'outer.txt'));
    await symlink('.', join(root, 'loop'));
    await using tree = await openData(root);
    expect((await tree.list()).map(({ path }) => path)).toEqual(['inner.txt', 'real.txt']);
    expect(tree.notes).toEqual([expect.stringMatching(/outer\.txt.*outside/)]);
  });
});

describe('hostile archives', () => {
  const unsafe = [
    '../evil.txt',
    'a/../../evil.txt',
    '/etc/evil',
    'C:\\evil.txt',
    'c:/evil',
    '..\\evil.txt',
    'a\0b',
    'a\u001b[2Jb',
    '\\\\host\\share',
  ];

  it.each(unsafe)('refuses a zip with the name %j', async (name) => {
    const path = await save(testZip([{ name: 'fine.txt' }, { name, content: 'x' }]), '.zip');
    await using tree = await openData(path);
    await expect(tree.list()).rejects.toMatchObject({
      code: 'archive-unsafe',
      message: expect.stringContaining(path) as string,
    });
    await expect(extractArchive(path, join(folder, `out-${count}`))).rejects.toMatchObject({ code: 'archive-unsafe' });
    expect(await readdir(folder)).not.toContain(`out-${count}`);
  });

  it.each(unsafe.filter((name) => !name.includes('\0')))('refuses a tar with the name %j', async (name) => {
    await using tree = await openData(await save(await testTar([{ name, content: 'x' }]), '.tar'));
    await expect(tree.list()).rejects.toMatchObject({ code: 'archive-unsafe' });
  });

  it('leaves out links and devices, and says so', async () => {
    await using zip = await openData(
      await save(
        testZip([
          { name: 'link', content: '/etc/passwd', mode: 0o120777 },
          { name: 'dev', mode: 0o60600 },
          { name: 'fine' },
        ]),
        '.zip',
      ),
    );
    expect((await zip.list()).map(({ path }) => path)).toEqual(['fine']);
    expect(zip.notes).toEqual([
      expect.stringMatching(/^link: a symbolic link/),
      expect.stringMatching(/^dev: a device/),
    ]);
    await using tar = await openData(
      await save(
        await testTar([
          { name: 'soft', type: 'symlink', linkname: '/etc/passwd' },
          { name: 'hard', type: 'link', linkname: 'fine' },
          { name: 'pipe', type: 'fifo' },
          { name: 'fine', content: 'x' },
        ]),
        '.tar',
      ),
    );
    expect((await tar.list()).map(({ path }) => path)).toEqual(['fine']);
    expect(tar.notes).toHaveLength(3);
  });

  it('takes the last of two members with the same name, and says so', async () => {
    for (const path of [
      await save(
        testZip([
          { name: 'a.txt', content: 'old' },
          { name: './a.txt', content: 'new' },
        ]),
        '.zip',
      ),
      await save(
        await testTar([
          { name: 'a.txt', content: 'old' },
          { name: './a.txt', content: 'new' },
        ]),
        '.tar',
      ),
    ]) {
      await using tree = await openData(path);
      expect(await tree.list()).toHaveLength(1);
      expect(tree.notes).toEqual([expect.stringMatching(/more than once/)]);
      expect(await text((await tree.need('a.txt')).bytes())).toBe('new');
    }
  });

  it('refuses bombs by ratio, size and count, naming archive, member and limit', async () => {
    const bomb = await save(testZip([{ name: 'zeros', content: Buffer.alloc(40 * 2 ** 20) }]), '.zip');
    await using tree = await openData(bomb);
    await expect(tree.list()).rejects.toMatchObject({
      code: 'archive-limit',
      where: `${bomb}!/zeros`,
      message: expect.stringMatching(/more than 250 times/) as string,
    });
    const tgz = await save(gzipSync(await testTar([{ name: 'zeros', content: Buffer.alloc(40 * 2 ** 20) }])), '.tgz');
    await expect(openData(tgz).then((opened) => opened.list())).rejects.toMatchObject({ code: 'data-too-large' });
    const small = await save(testZip(members), '.zip');
    for (const limits of [{ maxEntries: 2 }, { maxEntryBytes: 1000 }, { maxTotalBytes: 1000 }]) {
      await using limited = await openData(small, { limits });
      await expect(limited.list()).rejects.toMatchObject({ code: 'archive-limit' });
    }
  });

  it('does not trust the sizes and checksums that a zip declares', async () => {
    const content = 'x'.repeat(100_000);
    await using short = await openData(await save(testZip([{ name: 'a', content, claimedSize: 10 }]), '.zip'));
    await expect((await short.need('a')).bytes()).rejects.toMatchObject({ code: 'archive-damaged' });
    await using wrong = await openData(await save(testZip([{ name: 'a', content, crc: 1 }]), '.zip'));
    await expect((await wrong.need('a')).bytes()).rejects.toMatchObject({
      code: 'archive-damaged',
      message: expect.stringMatching(/checksum/) as string,
    });
    await using locked = await openData(await save(testZip([{ name: 'a', content, flags: 0x801 }]), '.zip'));
    await expect((await locked.need('a')).bytes()).rejects.toMatchObject({ code: 'archive-unsupported' });
  });

  it('says when an archive is cut or of another kind', async () => {
    const zip = testZip(members);
    await expect(
      openData(await save(zip.subarray(0, zip.length - 30), '.zip')).then((tree) => tree.list()),
    ).rejects.toMatchObject({ code: 'archive-damaged' });
    const tar = await testTar([{ name: 'a', content: 'x'.repeat(5000) }]);
    await expect(openData(await save(tar.subarray(0, 3000), '.tar')).then((tree) => tree.list())).rejects.toMatchObject(
      { code: 'archive-damaged' },
    );
    const tgz = gzipSync(tar);
    await expect(
      openData(await save(tgz.subarray(0, tgz.length - 12), '.tgz')).then((tree) => tree.list()),
    ).rejects.toMatchObject({ code: 'data-truncated' });
    await expect(openData(await save(Buffer.from('7z\xbc\xaf\x27\x1c__', 'latin1'), '.7z'))).rejects.toMatchObject({
      code: 'archive-unsupported',
    });
  });

  it('limits what is read at once', async () => {
    for (const path of Object.values(await everyForm())) {
      await using tree = await openData(path);
      await expect((await tree.need('long.txt')).bytes({ maxBytes: 1000 })).rejects.toMatchObject({
        code: 'data-too-large',
      });
    }
  });
});

describe('isWindowsTrap', () => {
  it.each(['a:stream', 'dir/CON', 'nul.txt', 'trailing.', 'a?b'])('knows %s', (path) =>
    expect(isWindowsTrap(path)).toBe(true),
  );
  it.each(['a/console.txt', 'nullable.csv', 'a.b/c'])('leaves %s alone', (path) =>
    expect(isWindowsTrap(path)).toBe(false),
  );
});

describe('extractArchive', () => {
  it('writes every plain file, and only those', async () => {
    const forms = await everyForm();
    for (const form of ['zip', 'tar', 'tar.gz']) {
      const target = join(folder, `extracted-${form}`);
      const { files: written } = await extractArchive(forms[form] as string, target);
      expect(written).toBe(4);
      for (const [path, content] of Object.entries(files))
        expect(await readFile(join(target, path), 'utf8')).toBe(content);
      expect((await readdir(target)).sort()).toEqual(['a', 'b', 'empty.txt', 'long.txt']);
    }
  });

  it('leaves nothing behind when it fails', async () => {
    const bad = await save(
      testZip([
        { name: 'a', content: 'fine' },
        { name: 'b', content: 'x'.repeat(1000), crc: 7 },
      ]),
      '.zip',
    );
    await expect(extractArchive(bad, join(folder, 'broken'))).rejects.toMatchObject({ code: 'archive-damaged' });
    const clash = await save(
      testZip([
        { name: 'a', content: 'file' },
        { name: 'a/b', content: 'x' },
      ]),
      '.zip',
    );
    await expect(extractArchive(clash, join(folder, 'broken'))).rejects.toMatchObject({ code: 'archive-conflict' });
    expect((await readdir(folder)).filter((name) => name.includes('broken'))).toEqual([]);
  });

  it('does not write into a folder that holds files', async () => {
    const zip = await save(testZip(members), '.zip');
    const taken = await mkdtemp(join(folder, 'taken-'));
    await writeFile(join(taken, 'mine.txt'), 'mine');
    await expect(extractArchive(zip, taken)).rejects.toMatchObject({ code: 'archive-conflict' });
    expect(await readdir(taken)).toEqual(['mine.txt']);
  });
});
