import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogModel, installedModel, missingModelError, modelCatalog, modelsFolder } from './catalog.ts';

describe('modelCatalog', () => {
  const files = modelCatalog.flatMap((model) => model.variants.flatMap((variant) => variant.files));

  it('pins every file by size and sha256', () => {
    for (const file of files) {
      expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(file.bytes).toBeGreaterThan(0);
      expect(file.sources.length).toBeGreaterThan(0);
    }
  });

  it('has parts that add up to their file', () => {
    for (const file of files) {
      for (const source of file.sources) {
        if (source.kind !== 'pypi' || source.parts.length === 1) continue;
        expect(source.parts.reduce((sum, part) => sum + (part.bytes ?? Number.NaN), 0)).toBe(file.bytes);
        for (const part of source.parts) expect(part.sha256).toMatch(/^[0-9a-f]{64}$/);
      }
    }
  });

  it('has names that are safe as folders and file names', () => {
    for (const model of modelCatalog) expect(model.name).toMatch(/^[\w-]+$/);
    for (const file of files) expect(file.name).toMatch(/^[\w-]+(\.[\w-]+)*$/);
  });

  it('says how every encoder pools', () => {
    for (const model of modelCatalog)
      expect(model.encoder !== undefined, model.name).toBe(model.kind === 'sentence-encoder');
  });
});

describe('catalogModel', () => {
  it('names what there is when asked for something else', () => {
    expect(() => catalogModel('gpt-5')).toThrow(expect.objectContaining({ hint: expect.stringContaining('smollm2') }));
  });
});

describe('modelsFolder', () => {
  it('prefers FETTLE_MODELS, then the cache folder', () => {
    expect(modelsFolder({ FETTLE_MODELS: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
    expect(modelsFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/fettle/models');
    expect(modelsFolder({})).toMatch(/\.cache\/fettle\/models$/);
  });
});

describe('installedModel', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fettle-models-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Sparse files: they have the size and take no room. */
  const place = (name: string, variantName: string, short = 0): void => {
    const variant = catalogModel(name).variants.find((entry) => entry.name === variantName);
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of variant?.files ?? []) {
      writeFileSync(join(folder, name, file.name), '');
      truncateSync(join(folder, name, file.name), file.bytes - short);
    }
  };

  it('is undefined while a file is missing or not whole', () => {
    expect(installedModel('smollm2-135m', folder)).toBeUndefined();
    place('smollm2-135m', 'q4_1', 1);
    expect(installedModel('smollm2-135m', folder)).toBeUndefined();
    place('smollm2-135m', 'q4_1');
    expect(installedModel('smollm2-135m', folder)?.paths).toEqual([
      join(folder, 'smollm2-135m', 'SmolLM2-135M-Instruct.Q4_1.gguf'),
    ]);
  });

  it('takes the 8-bit encoder only while the float one is missing', () => {
    place('all-MiniLM-L6-v2', 'int8');
    expect(installedModel('all-MiniLM-L6-v2', folder)?.variant.name).toBe('int8');
    place('all-MiniLM-L6-v2', 'float32');
    expect(installedModel('all-MiniLM-L6-v2', folder)?.variant.name).toBe('float32');
  });
});

describe('missingModelError', () => {
  it('says how to get the model', () => {
    expect(missingModelError('smollm2-135m')).toMatchObject({
      code: 'model-missing',
      hint: 'fettle models pull smollm2-135m',
    });
    expect(missingModelError('all-MiniLM-L6-v2').code).toBe('encoder-missing');
  });
});
