// Equality with the released evaluation, by vectors that lie beside the checkout.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anls } from '../../../metrics/documents/index.ts';
import { setRouge } from '../../../metrics/text/set-rouge.ts';
import { referenceNumbers } from '../../../metrics/mmmu/index.ts';
import { referenceAnls } from './reference-anls.ts';
import { type Driver, parseChoice } from './parse-choice.ts';
import { normalizeAnswer, openIsRight, parseOpen } from './parse-open.ts';
import { instructionKind, refineOptions, retainImages, shardSizes } from './prompt-parts.ts';

interface Golden {
  readonly multiple_choice: {
    readonly options: Readonly<Record<string, string>>;
    readonly cases: readonly {
      readonly response: string;
      readonly llava_driver: string | null;
      readonly idefics2_driver: string | null;
    }[];
  };
  readonly open_ended: {
    readonly cases: readonly {
      readonly response: string;
      readonly parsed_sorted: readonly (string | number)[];
      readonly numbers: readonly string[];
      readonly normalized: readonly (string | number)[];
      readonly eval: readonly (readonly [string | readonly string[], boolean, boolean])[];
    }[];
  };
  readonly calculate_anls: readonly {
    readonly gold: readonly string[];
    readonly pred: string;
    readonly expected: number;
  }[];
  readonly 'anls_metric_theta_0.5': readonly {
    readonly target: string;
    readonly pred: string;
    readonly expected: number;
  }[];
  readonly retain_n_images: readonly { readonly text: string; readonly n: number; readonly expected: string }[];
  readonly instructions: readonly {
    readonly setting: 'direct' | 'cot' | 'none';
    readonly ques_type: string;
    readonly expected: string;
  }[];
  readonly option_refine: readonly { readonly options: readonly string[] | null; readonly expected: string }[];
  readonly split_shard: readonly {
    readonly n: number;
    readonly num_shards: number;
    readonly shard_sizes: readonly number[];
  }[];
  readonly rouge: readonly {
    readonly hyp: string;
    readonly ref: string;
    readonly expected: Readonly<Record<string, Readonly<Record<'r' | 'p' | 'f', number>>>> | { readonly error: string };
  }[];
}

const path = join(import.meta.dirname, '../../../../../shared/data/leopard/golden/golden-metrics.json');
const present = existsSync(path);
if (!present) console.warn(`skipped: equality with the released evaluation, ${path} is not here`);
const golden = present ? (JSON.parse(readFileSync(path, 'utf8')) as Golden) : undefined;
const drivers: readonly Driver[] = ['llava', 'idefics2'];

describe.skipIf(golden === undefined)('the released evaluation', () => {
  const { multiple_choice: choice, open_ended: open, ...rest } = golden ?? ({} as Golden);

  it.each(drivers)('reads choices as the %s driver', (driver) => {
    const options = Object.values(choice.options);
    for (const { response, ...expected } of choice.cases) {
      expect([response, parseChoice(response, options, driver)]).toEqual([response, expected[`${driver}_driver`]]);
    }
  });

  it('reads numbers and texts of open replies', () => {
    for (const { response, numbers, normalized, parsed_sorted: parsed } of open.cases) {
      expect(referenceNumbers(response)).toEqual(numbers);
      expect(normalizeAnswer(response)).toEqual(normalized);
      expect(new Set(parseOpen(response))).toEqual(new Set(parsed));
    }
  });

  it.each(drivers)('judges open replies as the %s driver', (driver) => {
    for (const { response, eval: cells } of open.cases) {
      for (const [gold, llava, idefics2] of cells) {
        const right = openIsRight(gold, parseOpen(response), driver);
        expect([response, gold, right]).toEqual([response, gold, driver === 'llava' ? llava : idefics2]);
      }
    }
  });

  it('computes ANLS', () => {
    for (const { gold, pred, expected } of rest.calculate_anls) {
      expect([gold, pred, referenceAnls(pred, gold)]).toEqual([gold, pred, expect.closeTo(expected, 9)]);
    }
    for (const { target, pred, expected } of rest['anls_metric_theta_0.5']) {
      const { value } = anls(pred, [target], { atThreshold: 'drop', normalize: 'none' });
      expect([target, pred, value]).toEqual([target, pred, expect.closeTo(expected, 9)]);
    }
  });

  it('makes prompts of the same parts', () => {
    for (const { text, n, expected } of rest.retain_n_images) expect(retainImages(text, n)).toBe(expected);
    for (const { options, expected } of rest.option_refine) expect(refineOptions(options)).toBe(expected);
    const textsByKind = Map.groupBy(rest.instructions, (row) => instructionKind(row.setting, row.ques_type));
    for (const rows of textsByKind.values()) expect(new Set(rows.map((row) => row.expected)).size).toBe(1);
    expect(textsByKind.size).toBe(new Set(rest.instructions.map((row) => row.expected)).size);
  });

  it('divides rows into shards', () => {
    for (const { n, num_shards: shards, shard_sizes: sizes } of rest.split_shard) {
      expect([n, shards, shardSizes(n, shards)]).toEqual([n, shards, sizes]);
    }
  });

  it('computes ROUGE', () => {
    for (const { hyp, ref, expected } of rest.rouge) {
      // The drivers make both texts small first.
      const found = setRouge(hyp.toLowerCase(), ref.toLowerCase());
      if ('error' in expected) {
        expect(found).toBeUndefined();
        continue;
      }
      const of = (name: string) => {
        const { r, p, f } = (expected as Readonly<Record<string, Readonly<Record<string, number>>>>)[name] ?? {};
        return {
          recall: expect.closeTo(r ?? NaN, 9),
          precision: expect.closeTo(p ?? NaN, 9),
          f1: expect.closeTo(f ?? NaN, 9),
        };
      };
      expect(found).toEqual({ rouge1: of('rouge-1'), rouge2: of('rouge-2'), rougeL: of('rouge-l') });
    }
  });
});

describe('what the vectors leave open', () => {
  it('takes "unanswerable" for an empty list with one driver alone', () => {
    const read = parseOpen('The question is unanswerable.');
    expect(openIsRight([], read, 'llava')).toBe(true);
    expect(openIsRight([], read, 'idefics2')).toBe(false);
  });

  it('knows 14 letters', () => {
    const options = Array.from({ length: 16 }, (_, i) => `option ${i}`);
    expect(parseChoice('(N)', options, 'llava')).toBe('N');
    expect(parseChoice('(O)', options, 'llava')).toBeNull();
    expect(() => refineOptions(options)).toThrow(RangeError);
  });

  it('reads dotted letters with one driver alone, the first of several', () => {
    expect(parseChoice('C.D.', ['w', 'x', 'y', 'z'], 'llava')).toBeNull();
    expect(parseChoice('C.D.', ['w', 'x', 'y', 'z'], 'idefics2')).toBe('C');
  });
});
