import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FettleError, type JsonValue } from '../core/index.ts';
import { parsePythonLiteral } from './python-literal.ts';

const hasPython = spawnSync('python3', ['-c', 'pass']).status === 0;

/** What CPython reads: JSON texts, null where it refuses the literal. */
function pythonReads(literals: readonly string[]): (JsonValue | 'refused')[] {
  const program = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
def plain(value):
    if isinstance(value, bytes): return value.decode("latin-1")
    if isinstance(value, (list, tuple)): return [plain(v) for v in value]
    if isinstance(value, set): return sorted((plain(v) for v in value), key=repr)
    if isinstance(value, dict): return {k if isinstance(k, str) else str(k): plain(v) for k, v in value.items()}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 - 1: return str(value)
    return value
out = []
for text in json.load(sys.stdin):
    try: out.append({"value": plain(ast.literal_eval(text))})
    except Exception: out.append(None)
json.dump(out, sys.stdout)
`;
  const output = execFileSync('python3', ['-c', program], { input: JSON.stringify(literals), encoding: 'utf8' });
  return (JSON.parse(output) as ({ value: JsonValue } | null)[]).map((found) =>
    found === null ? 'refused' : found.value,
  );
}

function weRead(literal: string): JsonValue | 'refused' {
  try {
    return parsePythonLiteral(literal);
  } catch (error) {
    if (!FettleError.isInstance(error)) throw error;
    return 'refused';
  }
}

describe('parsePythonLiteral', () => {
  it('reads the cells that data sets write', () => {
    expect(parsePythonLiteral("['red', \"it's\", 'a\\nb']")).toEqual(['red', "it's", 'a\nb']);
    expect(parsePythonLiteral("{'a': (1, -2.5), 'b': None, 3: True}")).toEqual({ a: [1, -2.5], b: null, 3: true });
    expect(parsePythonLiteral("('joined ' 'text')")).toBe('joined text');
    expect(parsePythonLiteral('(1,)')).toEqual([1]);
    expect(parsePythonLiteral('12345678901234567890')).toBe('12345678901234567890');
  });

  it.each([
    ["['a', __import__('os').system('true')]", 6],
    ["f'{1}'", 0],
    ["['a'", 4],
    ["'open", 1],
    ['[1 2]', 3],
    ['lambda: 1', 0],
  ])('refuses %s and says where', (literal, offset) => {
    expect(() => parsePythonLiteral(literal)).toThrow(
      expect.objectContaining({ code: 'python-literal', where: `offset ${offset}` }),
    );
  });

  it('refuses what would exhaust it', () => {
    expect(() => parsePythonLiteral('['.repeat(100_000))).toThrow(/brackets within brackets/);
    expect(() => parsePythonLiteral('{'.repeat(90))).toThrow(FettleError);
    expect(() => parsePythonLiteral('9'.repeat(100_000))).toThrow(/too many digits/);
    expect(() => parsePythonLiteral('x'.repeat(2_000_000))).toThrow(/too long/);
  });

  it('sets no prototype', () => {
    const value = parsePythonLiteral("{'__proto__': {'polluted': 1}}") as { polluted?: number };
    expect(value.polluted).toBeUndefined();
    expect(Object.keys(value)).toEqual(['__proto__']);
  });

  it.skipIf(!hasPython)('agrees with ast.literal_eval on well-formed literals', () => {
    const quoted = fc
      .tuple(
        fc.constantFrom('', 'r', 'u', 'R'),
        fc.constantFrom("'", '"', "'''", '"""'),
        fc.array(
          fc.constantFrom(
            'a',
            ' ',
            'é',
            '漢',
            '😀',
            '\\n',
            '\\t',
            '\\\\',
            "\\'",
            '\\"',
            '\\x41',
            '\\u00e9',
            '\\U0001F600',
            '\\101',
            '\\q',
            '\n',
            '\\\n',
            "'",
            '"',
          ),
          { maxLength: 12 },
        ),
      )
      .map(([prefix, quote, parts]) => `${prefix}${quote}${parts.join('')}${quote}`);
    const bytes = fc.constantFrom("b'a\\xff\\n'", 'b\'\' b"x"', "rb'\\n'", "Br'x'", "b'é'", "b'\\u0041'");
    const numbers = fc.constantFrom(
      '0',
      '00',
      '007',
      '1_000',
      '0x1F',
      '0o17',
      '0b101',
      '1.',
      '.5',
      '1e5',
      '1.5E-3',
      '-3',
      '+4',
      '--5',
      '- 6',
      '1__0',
      '0x',
      '12abc',
      '09.5',
      '9007199254740993',
      '-9007199254740993',
      '1e',
      '1_',
      '5.5.5',
    );
    const literal = fc.letrec<{ value: string; list: string; tuple: string; dict: string; leaf: string }>((tie) => ({
      leaf: fc.oneof(quoted, numbers, bytes, fc.constantFrom('None', 'True', 'False', 'none', 'nan')),
      list: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' , ')}]`),
      tuple: fc
        .array(tie('value'), { maxLength: 3 })
        .map((items) => `(${items.join(',\n')}${items.length === 1 ? ',' : ''})`),
      dict: fc
        .array(fc.tuple(quoted, tie('value')), { maxLength: 3 })
        .map((items) => `{${items.map(([k, v]) => `${k}: ${v}`).join(', ')}}`),
      value: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('list'), tie('tuple'), tie('dict')),
    })).value;
    const joined = fc.array(quoted, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '));
    const literals = fc.sample(
      fc.oneof(
        literal,
        joined,
        fc.tuple(literal, literal).map(([a, b]) => `${a}, ${b}`),
      ),
      { numRuns: 3000, seed: 7 },
    );
    const expected = pythonReads(literals);
    const differing = literals.flatMap((text, index) => {
      const ours = weRead(text);
      return JSON.stringify(ours) === JSON.stringify(expected[index]) ? [] : [{ text, ours, python: expected[index] }];
    });
    expect(differing).toEqual([]);
    expect(expected.filter((value) => value !== 'refused').length).toBeGreaterThan(500);
  });
});
