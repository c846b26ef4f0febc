// A sequence classifier of a few hundred bytes, written field by field in ONNX's protobuf form, for tests.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Field = readonly [number: number, value: number | string | Uint8Array];

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return bytes;
}

function message(...fields: readonly Field[]): Uint8Array {
  const bytes: number[] = [];
  for (const [number, value] of fields) {
    if (typeof value === 'number') bytes.push(...varint(number * 8), ...varint(value));
    else {
      const payload = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      bytes.push(...varint(number * 8 + 2), ...varint(payload.length), ...payload);
    }
  }
  return Uint8Array.from(bytes);
}

const [float, int64] = [1, 7];

function tensor(name: string, dims: readonly number[], values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  return message(...dims.map((dim): Field => [1, dim]), [2, float], [8, name], [9, raw]);
}

function valueInfo(name: string, type: number, dims: readonly (string | number)[]): Uint8Array {
  const shape = message(
    ...dims.map((dim): Field => [1, typeof dim === 'string' ? message([2, dim]) : message([1, dim])]),
  );
  return message([1, name], [2, message([1, message([1, type], [2, shape])])]);
}

function node(op: string, inputs: readonly string[], output: string, ...attributes: readonly Uint8Array[]): Uint8Array {
  return message(
    ...inputs.map((input): Field => [1, input]),
    [2, output],
    [4, op],
    ...attributes.map((one): Field => [5, one]),
  );
}

const intAttribute = (name: string, value: number): Uint8Array => message([1, name], [3, value], [20, 2]);
const intsAttribute = (name: string, value: number): Uint8Array => message([1, name], [8, value], [20, 7]);

/** logits = mean over tokens of a table's rows × (1 + share of tokens of the second text). */
function model(table: readonly (readonly number[])[]): Uint8Array {
  const classes = table[0]?.length ?? 0;
  const inputs = ['input_ids', 'attention_mask', 'token_type_ids'];
  const graph = message(
    [1, node('Gather', ['table', 'input_ids'], 'rows')],
    [1, node('ReduceMean', ['rows'], 'mean', intsAttribute('axes', 1), intAttribute('keepdims', 0))],
    [1, node('Cast', ['token_type_ids'], 'types', intAttribute('to', float))],
    [1, node('ReduceMean', ['types'], 'share', intsAttribute('axes', 1), intAttribute('keepdims', 1))],
    [1, node('Add', ['share', 'one'], 'factor')],
    [1, node('Mul', ['mean', 'factor'], 'logits')],
    [2, 'tiny'],
    [5, tensor('table', [table.length, classes], table.flat())],
    [5, tensor('one', [1], [1])],
    ...inputs.map((name): Field => [11, valueInfo(name, int64, ['texts', 'tokens'])]),
    [12, valueInfo('logits', float, ['texts', classes])],
  );
  return message([1, 8], [2, 'fettle tests'], [7, graph], [8, message([1, ''], [2, 13])]);
}

/** Words and what each adds to the classes; other words are `[UNK]`, which adds nothing. */
export type Words = Readonly<Record<string, readonly number[]>>;

/** Writes the folder of a classifier: model.onnx, tokenizer.json (words apart by blanks), config.json. */
export function writeTinyClassifier(folder: string, words: Words, config: Record<string, unknown> = {}): void {
  const classes = Object.values(words)[0]?.length ?? 2;
  const names = ['[UNK]', '[CLS]', '[SEP]', ...Object.keys(words)];
  const table = names.map((name) => words[name] ?? Array<number>(classes).fill(0));
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)],
      pair: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0), sequence('B', 1), special('[SEP]', 1)],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [names.indexOf(token)], tokens: [token] }]),
      ),
    },
    decoder: null,
    model: { type: 'WordLevel', vocab: Object.fromEntries(names.map((name, i) => [name, i])), unk_token: '[UNK]' },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), model(table));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  const settings = { architectures: ['TinyForSequenceClassification'], max_position_embeddings: 16, ...config };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(settings));
}
