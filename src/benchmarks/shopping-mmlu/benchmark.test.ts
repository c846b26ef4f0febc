import { describe, expect, it } from 'vitest';
import type { Sample, Task } from '../../core/index.ts';
import { shoppingMmlu } from './benchmark.ts';
import { choiceRow, folderWith, samplesOf, scored } from './testing/fixture.ts';
import { hasSharedData, sharedFolder } from './testing/shared-data.ts';

const open = (data: string, options: Record<string, string> = {}, mode = 'strict') =>
  shoppingMmlu.open({ data, mode, options });

async function firstOf(opened: ReturnType<typeof open>): Promise<{ task: Task; sample: Sample }> {
  return (await samplesOf((await opened).tasks))[0] as { task: Task; sample: Sample };
}

const ner = {
  input_field: "Copy all phrases of the entity type 'brand'.\nQuery: acme tape\nOutput: ",
  output_field: ['acme'],
  task_name: 'brands',
  task_type: 'named_entity_recognition',
  metric: 'micro f1',
};

describe('layouts', () => {
  it('reads skill files of any name, by their rows', async () => {
    const folder = folderWith({
      'skills/skill1_concept.json': [choiceRow, { ...choiceRow, id: 'mine' }],
      'skills/fourth.json': [ner],
      LICENSE: 'text',
      'notes.csv': 'a,b\n1,2\n',
    });
    const { tasks, notes, dataHash } = await open(folder);
    const all = await samplesOf(tasks);
    expect(tasks.map((task) => [task.name, task.labels?.['skill'], task.size])).toEqual([
      ['fruit', 'concept', 2],
      ['brands', 'fourth', 1],
    ]);
    expect(all.map(({ sample }) => sample.id)).toEqual(['skill1_concept#0', 'mine', 'fourth#0']);
    expect(all.map(({ sample }) => sample.position)).toEqual([1, 2, 0]);
    expect(notes).toEqual(['left out notes.csv: no rows of the benchmark']);
    expect(dataHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('reads the KDD file and tells skills by track', async () => {
    const folder = folderWith({
      'dev.jsonl': [
        { ...choiceRow, is_multiple_choice: true, track: 'amazon-kdd-cup-24-multi-lingual-abilities' },
        { ...ner, is_multiple_choice: false, track: 'amazon-kdd-cup-24-user-behavior-alignment' },
      ],
      'other.jsonl': [{ input_field: 'x', output_field: 'y', task_type: 'generation', metric: 'bool' }],
    });
    const { tasks, notes } = await open(folder);
    expect(tasks.map((task) => task.labels?.['skill'])).toEqual(['behavior', 'multilingual']);
    expect(notes).toEqual(['left out other.jsonl: its rows have no task_name, so they are not the benchmark']);
  });

  it('reads task files by position, with byte order mark and Python lists', async () => {
    const folder = folderWith({
      'multiple_choice/kitchen_dataset.csv':
        '\ufeffquestion,choices,answer\n"Which, of these?","[\'a pot\', ""it\'s"", 3]",2\n',
      'multiple_choice/review_rating_prediction_dataset.csv': 'question,choices,answer\nRate this.,,5\n',
      'generation/title_translation_JP_dataset.json': [{ input_field: 'Translate: cup', target_field: 'カップ' }],
      'retrieval/kitchen_dataset.json': [{ input_field: 'Pick.\n1. a\n2. b', target_field: [2] }],
    });
    const { tasks } = await open(folder);
    const all = await samplesOf(tasks);
    expect(Object.fromEntries(tasks.map((task) => [task.name, task.labels?.['metric']]))).toEqual({
      title_translation_JP: 'jp-bleu',
      // Two files of one name and no skill are one task with two metrics.
      kitchen: 'accuracy + hit rate@3',
      review_rating_prediction: 'accuracy',
    });
    const choice = all.find(({ sample }) => sample.id === 'multiple_choice/kitchen_dataset#0')?.sample;
    expect(choice?.choices).toEqual(['0', '1', '2']);
    expect(choice?.input[0]?.content).toContain("Which, of these?\n0. a pot\n1. it's\n2. 3\nAnswer: ");
    expect(all.find(({ sample }) => sample.id === 'review_rating_prediction_dataset#0')?.sample.choices).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  it('prefers skill files where the archive has everything twice, unless asked', async () => {
    const folder = folderWith({
      'skills/skill1_concept.json': [choiceRow],
      'ranking/order_dataset.json': [{ input_field: 'Order.\n1. a\n2. b', target_field: [1, 0] }],
    });
    expect((await open(folder)).tasks.map((task) => task.name)).toEqual(['fruit']);
    expect((await open(folder)).notes?.[0]).toContain('left out ranking/order_dataset.json');
    expect((await open(folder, { layout: 'task' })).tasks.map((task) => task.name)).toEqual(['order']);
    await expect(open(folder, { layout: 'kdd' })).rejects.toThrow('no files of the kdd layout');
  });

  it.skipIf(!hasSharedData)('opens the shared folder and both archives (needs ../shared)', async () => {
    const folder = await open(sharedFolder);
    expect(await samplesOf(folder.tasks)).toHaveLength(96);
    expect(folder.notes?.join('\n')).toMatch(/ec-guide.*not the benchmark[^]*skillwise.*not opened/);
    const skills = await open(`${sharedFolder}/skillwise-format-sample.tar`);
    expect(await samplesOf(skills.tasks)).toHaveLength(96);
    expect((await open(`${sharedFolder}/taskwise-format-sample.tar`)).tasks).toHaveLength(10);
  });
});

describe('faults stop the opening and say where', () => {
  it.each([
    [{ ...choiceRow, metric: 'bool' }, 'there is no metric "bool"'],
    [{ ...choiceRow, task_type: 'essay' }, 'there is no task type "essay"'],
    [{ ...choiceRow, output_field: [0] }, 'output_field: the gold answer must be the number of an option, this is [0]'],
    [{ ...choiceRow, task_name: '' }, 'the field "task_name" is empty'],
    [{ ...choiceRow, metric: undefined }, 'the field "metric" is missing'],
  ])('%#', async (row, message) => {
    const folder = folderWith({ 'skills/one.json': [choiceRow, row] });
    await expect(open(folder)).rejects.toMatchObject({
      code: 'data-invalid',
      where: `${folder}/skills/one.json:2`,
      message: expect.stringContaining(message) as string,
    });
  });

  it('leaves faulty rows out where asked, and says so', async () => {
    const folder = folderWith({ 'skills/one.json': [{ ...choiceRow, metric: 'bool' }, choiceRow] });
    const { tasks, notes } = await open(folder, { faults: 'skip' });
    expect((await samplesOf(tasks)).map(({ sample }) => sample.id)).toEqual(['one#1']);
    expect(notes).toEqual([`1 faulty row left out: ${folder}/skills/one.json:1: there is no metric "bool"`]);
  });

  it('refuses repeated ids, missing data and empty folders', async () => {
    const folder = folderWith({
      'skills/one.json': [
        { ...choiceRow, id: 'a' },
        { ...choiceRow, id: 'a' },
      ],
    });
    await expect(open(folder)).rejects.toThrow('Two questions have the id "a"');
    await expect(open(folderWith({ 'x.txt': '' }))).rejects.toMatchObject({ code: 'data-missing' });
    await expect(shoppingMmlu.open({ mode: 'strict', options: {} })).rejects.toMatchObject({
      hint: expect.stringMatching(/fettle data pull shopping-mmlu.*--data demo/) as string,
    });
  });
});

describe('prompts and settings', () => {
  const folder = folderWith({ 'skills/one.json': [choiceRow, ner] });

  it('asks in a chat by default, with the question at the end as the data has it', async () => {
    const { sample } = await firstOf(open(folder));
    expect(sample).toMatchObject({ choices: ['0', '1', '2', '3'], generation: { maxTokens: 8 } });
    expect(sample.input[0]?.content as string).toMatch(
      /^[^.]+\. [^.]+\. Reply with the number [^.]+\.\n\nWhich of these/,
    );
    expect(sample.input[0]).toHaveProperty('content', expect.stringMatching(/\nAnswer: $/));
  });

  it('names options by letters, without template and instruction, where asked', async () => {
    const opened = open(folder, { prompt: 'plain,letters,task,bare', budgets: 'reference' });
    const { task, sample } = await firstOf(opened);
    expect(sample.choices).toEqual(['A', 'B', 'C', 'D']);
    expect(sample.generation).toEqual({ maxTokens: 1, raw: true });
    expect(sample.input[0]?.content as string).toContain(
      '"fruit". Answer it exactly as it asks.\n\nWhich of these is a fruit?\n(A) pear\n(B)',
    );
    expect((await scored(task, sample, 'A')).value).toBe(1);
    expect(task.scorers[0].extract?.('The answer is (B).', sample)).toBe('B');
  });

  it.each([{ prompt: 'chat,plain' }, { prompt: 'loud' }, { budgets: 'big' }, { shots: '5' }])(
    'refuses %j',
    async (options) => {
      await expect(open(folder, options)).rejects.toMatchObject({ exitCode: 2 });
    },
  );
});
