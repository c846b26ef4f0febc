import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import type { SampleResult, Store } from '../../src/core/index.ts';
import { exportRun, type Summary } from '../../src/report/index.ts';
import { openStore } from '../../src/store/index.ts';
import { inspectVenv } from './inspect-venv.ts';
import { storeRun } from './stored-run.ts';

const run = promisify(execFile);
const reader = fileURLToPath(new URL('inspect-read.py', import.meta.url));

interface Read {
  version: number;
  status: string;
  task: string;
  model: string;
  epochs: number;
  scores: Record<string, Record<string, number>>;
  usage: Record<string, [number, number]>;
  samples: {
    id: string;
    epoch: number;
    task: string;
    original: string;
    value: number | null;
    error: string | null;
    completion: string;
    events: string[];
    output_tokens: Record<string, number>;
  }[];
  summaries: number;
  streamed: number;
  reductions: number[];
  sample: {
    messages: string[];
    input: unknown[];
    target: unknown;
    model_events: { model: string; max_tokens: number; stop_reason: string; completion: string }[];
  };
}

// Installing inspect_ai for the first time takes a minute or two.
const setUpMs = 600_000;

describe(
  'a run exported for Inspect',
  async () => {
    const venv = await inspectVenv();
    if ('missing' in venv) console.warn(`Not opening the log in inspect_ai: ${venv.missing}`);

    describe.skipIf('missing' in venv)('opens in the released inspect_ai', () => {
      const bin = 'bin' in venv ? venv.bin : '';
      let folder: string;
      let store: Store;
      let file: string;
      let summary: Summary;
      let results: SampleResult[];
      let read: Read;

      beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), 'fettle-inspect-'));
        store = await openStore(join(folder, 'store'));
        const stored = await storeRun(store);
        ({ summary, results } = stored);
        file = join(folder, `2026-06-01T12-00-00+00-00_corner-shop_abcd.eval`);
        await exportRun(store, stored.run.id, 'inspect', file);
        const env = { ...process.env, INSPECT_DISABLE_MODEL_API: '1', HOME: folder };
        const { stdout, stderr } = await run(
          join(bin, 'python'),
          ['-W', 'error::UserWarning', reader, file, 'odd%2Fids:picture'],
          {
            env,
            maxBuffer: 1 << 28,
          },
        );
        expect(stderr).toBe('');
        read = JSON.parse(stdout) as Read;
      }, setUpMs);

      afterAll(async () => {
        await store?.close();
        await rm(folder, { recursive: true, force: true });
      });

      it('by inspect log dump', async () => {
        const { stdout } = await run(join(bin, 'inspect'), ['log', 'dump', file], {
          env: { ...process.env, HOME: folder },
          maxBuffer: 1 << 28,
        });
        const dumped = JSON.parse(stdout) as { status: string; samples: unknown[] };
        expect(dumped.status).toBe('success');
        expect(dumped.samples).toHaveLength(results.length);
      });

      it('with the figures of the summary in its header', () => {
        expect(read).toMatchObject({
          version: 2,
          status: 'success',
          task: 'corner-shop',
          model: 'local/tiny/model',
          epochs: 2,
        });
        for (const [name, task] of Object.entries(summary.tasks)) {
          if (task.score === null) expect(read.scores[name]).not.toHaveProperty(task.metric);
          else expect(read.scores[name]?.[task.metric]).toBeCloseTo(task.score, 12);
        }
        expect(read.scores['overall']?.['mean']).toBeCloseTo(summary.overall as number, 12);
        for (const [name, score] of Object.entries(summary.groups)) {
          expect(read.scores['overall']?.[name]).toBeCloseTo(score as number, 12);
        }
        expect(read.usage['local/tiny/model']).toEqual([summary.usage?.inputTokens, summary.usage?.outputTokens]);
      });

      it('with every sample, its score, error and calls', () => {
        expect(read.samples).toHaveLength(results.length);
        expect(read).toMatchObject({ summaries: results.length, streamed: results.length });
        const byKey = new Map(
          read.samples.map((sample) => [`${sample.task}\n${sample.original}\n${sample.epoch}`, sample]),
        );
        expect(byKey.size).toBe(results.length);
        expect(new Set(read.samples.map((sample) => `${sample.id}\n${sample.epoch}`)).size).toBe(results.length);
        for (const sample of summary.samples) {
          const found = byKey.get(`${sample.task}\n${sample.id}\n${sample.epoch ?? 1}`);
          expect(found?.value ?? null).toBe(sample.status === 'failed' ? null : sample.value);
          expect(found?.error ?? undefined).toBe(sample.error);
          expect(found?.events).toContain('model');
          expect(found?.output_tokens).toEqual({ 'local/tiny/model': 3 });
        }
        const scored = new Set(
          results
            .filter((r) => Object.values(r.scores)[0]?.value !== null && r.status === 'completed')
            .map((r) => r.index),
        );
        expect(read.reductions).toEqual([scored.size]);
      });

      it('with conversation, pictures and settings of a sample', () => {
        const { sample } = read;
        expect(sample.messages).toEqual(['system', 'user', 'assistant']);
        expect(sample.target).toEqual(['red', 'crimson']);
        expect(JSON.stringify(sample.input[1])).toContain('data:image/png;base64,iVBOR');
        expect(sample.model_events).toEqual([
          { model: 'local/tiny/model', max_tokens: 8, stop_reason: 'max_tokens', completion: '0' },
        ]);
      });

      it('matches the schema that the viewer is made from', async () => {
        const { stdout } = await run(join(bin, 'python'), [
          '-c',
          'import inspect_ai, os; print(os.path.dirname(inspect_ai.__file__))',
        ]);
        const schema = JSON.parse(
          await readFile(join(stdout.trim(), '_view', 'inspect-openapi.json'), 'utf8'),
        ) as object;
        const ajv = new Ajv2020({ strict: false, validateFormats: false });
        ajv.addSchema({ ...schema, $id: 'inspect' });
        const kinds: [RegExp, string][] = [
          [/^header\.json$/, 'EvalLog'],
          [/^samples\/[^/]+\.json$/, 'EvalSample'],
          [/summaries(\/\d+)?\.json$/, 'EvalSampleSummary'],
          [/^reductions\.json$/, 'EvalSampleReductions'],
        ];
        const zip = await yauzl.openPromise(file);
        let checked = 0;
        for await (const entry of zip.eachEntry()) {
          const kind = kinds.find(([pattern]) => pattern.test(entry.fileName))?.[1];
          if (kind === undefined) continue;
          const validate = ajv.getSchema(`inspect#/components/schemas/${kind}`);
          let text = '';
          for await (const chunk of (await zip.openReadStreamPromise(entry)).setEncoding('utf8')) text += chunk;
          const content: unknown = JSON.parse(text);
          for (const item of Array.isArray(content) ? content : [content]) {
            expect(validate?.(item), `${entry.fileName}: ${ajv.errorsText(validate?.errors)}`).toBe(true);
            checked++;
          }
        }
        // Every result as a sample, in the journal's lists and in the final one, the header and the reductions.
        expect(checked).toBe(3 * results.length + 2);
      });

      it('is an archive that others open too', async () => {
        const script =
          'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; assert not z.comment; print(len(z.namelist()))';
        const { stdout } = await run('python3', ['-c', script, file]);
        expect(Number(stdout)).toBeGreaterThan(results.length);
        const bytes = await readFile(file);
        expect(bytes.readUInt32LE(bytes.length - 22)).toBe(0x06054b50);
      });
    });
  },
  setUpMs,
);
