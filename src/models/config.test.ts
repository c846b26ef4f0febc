import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModelConfig, parseModelConfig } from './config.ts';

const parse = (value: unknown) => parseModelConfig(JSON.stringify(value), '/here/fettle.config.json');

describe('configuration', () => {
  it('is found in a folder above, and makes key files absolute', async () => {
    const root = await mkdtemp(join(tmpdir(), 'fettle-config-'));
    const deep = join(root, 'a', 'b');
    await mkdir(deep, { recursive: true });
    const lab = { baseUrl: 'http://127.0.0.1:8000/v1', keyFile: 'keys/lab', maxConcurrency: 64 };
    await writeFile(join(root, 'fettle.config.json'), JSON.stringify({ endpoints: { lab } }));
    expect(await loadModelConfig(undefined, deep)).toEqual({
      endpoints: { lab: { ...lab, keyFile: join(root, 'keys/lab') } },
    });
    await expect(loadModelConfig('missing.json', root)).rejects.toMatchObject({
      exitCode: 2,
      where: join(root, 'missing.json'),
    });
    await rm(root, { recursive: true });
    expect(await loadModelConfig(undefined, tmpdir())).toEqual({});
  });

  it('refuses keys within, wherever they stand, and says where without repeating them', async () => {
    const base = { baseUrl: 'http://x/v1' };
    const secrets: [unknown, string][] = [
      [{ endpoints: { lab: { ...base, apiKey: 'hunter22' } } }, 'endpoints.lab.apiKey'],
      [{ endpoints: { lab: { ...base, key: 'hunter22' } } }, 'endpoints.lab.key'],
      [
        { endpoints: { lab: { ...base, headers: { Authorization: 'hunter22' } } } },
        'endpoints.lab.headers.Authorization',
      ],
      [{ endpoints: { lab: { ...base, headers: { 'x-api-key': 'hunter22' } } } }, 'endpoints.lab.headers.x-api-key'],
      [{ endpoints: { lab: { ...base, extra: { anything: 'sk-hunter22' } } } }, 'endpoints.lab.extra.anything'],
    ];
    for (const [value, place] of secrets) {
      const error: Error = await parse(value).then(
        () => new Error('accepted'),
        (thrown: Error) => thrown,
      );
      expect(error).toMatchObject({
        where: `/here/fettle.config.json: ${place}`,
        hint: expect.stringContaining('keyEnv'),
      });
      expect(error.message).not.toContain('hunter22');
    }
    await expect(parse({ endpoints: { lab: { baseUrl: 'http://me:hunter22@x/v1' } } })).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining('keyEnv'),
    });
    expect(await parse({ endpoints: { lab: { ...base, headers: { 'x-api-key': { env: 'LAB' } } } } })).toBeDefined();
  });

  it('names the field that is wrong', async () => {
    const faults: [unknown, string][] = [
      [{ endpoints: { lab: { baseUrl: 'ftp://x' } } }, 'endpoints.lab.baseUrl'],
      [{ endpoints: { lab: { baseUrl: 'http://x', maxConcurrency: 1.5 } } }, 'endpoints.lab.maxConcurrency'],
      [
        { endpoints: { lab: { baseUrl: 'http://x', prices: { m: { inputPerMillion: '1' } } } } },
        'endpoints.lab.prices.m.inputPerMillion',
      ],
      [{ endpoints: { lab: { baseUrl: 'http://x', tmeout: 3 } } }, 'endpoints.lab'],
      [{ endpoints: { lab: {} } }, 'endpoints.lab'],
      [{ endpoints: { lab: { baseUrl: 'http://x', keyEnv: 'A', keyFile: 'b' } } }, 'endpoints.lab'],
      [[], 'the configuration'],
    ];
    for (const [value, place] of faults) {
      await expect(parse(value)).rejects.toMatchObject({
        exitCode: 2,
        code: 'config-invalid',
        where: `/here/fettle.config.json: ${place}`,
      });
    }
    await expect(parseModelConfig('{\n  "endpoints": {,}\n}', '/c.json')).rejects.toMatchObject({
      where: '/c.json:2:17',
    });
  });
});
