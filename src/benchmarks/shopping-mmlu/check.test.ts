import { describe, expect, it } from 'vitest';
import type { DataFault } from '../../core/index.ts';
import { checkShopping } from './check.ts';
import { choiceRow, folderWith } from './testing/fixture.ts';

async function faults(data: string): Promise<DataFault[]> {
  return Array.fromAsync(checkShopping(data));
}

describe('checkShopping', () => {
  it('lists every fault with file and line', async () => {
    const ranking = {
      ...choiceRow,
      task_name: 'order',
      task_type: 'ranking',
      metric: 'ndcg',
      input_field: 'Order.\n1. a\n2. b',
    };
    const folder = folderWith({
      'skills/one.json': [
        JSON.stringify(choiceRow),
        '{"input_field": ',
        JSON.stringify({ ...choiceRow, output_field: 4 }),
        JSON.stringify({ ...choiceRow, metric: 'bool' }),
        JSON.stringify({ ...ranking, output_field: [1, 0, 0] }),
        JSON.stringify({ ...ranking, input_field: 'Sort.\n1. a &amp; b\n2. c', output_field: [0, 0] }),
        JSON.stringify(choiceRow),
        JSON.stringify({ ...choiceRow, input_field: ' ' }),
        JSON.stringify({
          ...choiceRow,
          input_field: 'Which?\n1. a\n2. b',
          task_type: 'retrieval',
          metric: 'hit rate@3',
          output_field: [3],
        }),
      ].join('\n'),
      'other.csv': 'a,b\n1,2\n',
    });
    const found = (await faults(folder)).map(({ line, severity, message }) => `${line ?? '-'} ${severity} ${message}`);
    expect(found).toEqual([
      '- warning left out: no rows of the benchmark',
      expect.stringMatching(/^2 error /),
      '3 error the gold option 4 is none of 0 to 3',
      `3 warning the question is that of ${folder}/skills/one.json:1 again`,
      '4 error there is no metric "bool"',
      '5 error 3 gold weights for 2 candidates',
      '6 warning all gold weights are zero: the question is not scored',
      '6 warning the prompt has HTML entities (&amp;)',
      `7 warning the question is that of ${folder}/skills/one.json:1 again`,
      '8 error the prompt is blank',
      expect.stringMatching(/^8 warning the options are not found/),
      '9 error the gold number 3 is above the 2 candidates',
      '9 warning the task fruit mixes metrics: hit rate@3 after accuracy',
    ]);
  });

  it('says where there is nothing', async () => {
    expect(await faults(folderWith({ 'a.csv': 'x,y\n1,2\n' }))).toContainEqual(
      expect.objectContaining({ severity: 'error', message: 'there are no questions of Shopping MMLU here' }),
    );
  });

  it('finds nothing to say about the demonstration set', async () => {
    expect(await faults('demo')).toEqual([]);
  });
});
