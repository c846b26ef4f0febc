import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readOutputFiles } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'fettle-outputs-'));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return join(root, name);
}

const completion = (content: string): string =>
  JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] });

describe('replies of released runs', () => {
  it('are read from completions and texts; what is damaged has none', async () => {
    const path = folder('one', {
      'default/cot/evaluation_m/g 1/output_of_question_1.json': completion('Answer: 5'),
      'default/cot/evaluation_m/g 1/output_of_question_2.json': '"Answer: B"',
      'default/cot/evaluation_m/g 1/output_of_question_3.json': '{"error": {"message": "rate limit"}}',
      'default/cot/evaluation_m/g 1/output_of_question_4.json': '["Answer: 5"]',
      'default/cot/evaluation_m/h/output_of_question_1.json': '{"choices": [',
      'default/cot/evaluation_m/h/output_of_question_5.json': '"no such question"',
      'default/cot/evaluation_m/h/notes.json': '"x"',
    });
    const replies = await readOutputFiles(path);
    expect([...(replies?.byId ?? [])]).toEqual([
      ['g 1_question_0', 'Answer: 5'],
      ['g 1_question_1', 'Answer: B'],
    ]);
    expect(replies?.notes.join()).toContain('3 files hold no reply: g 1/output_of_question_3.json');
  });

  it('are of one run', async () => {
    const path = folder('two', {
      'evaluation_a/g/output_of_question_1.json': '"x"',
      'evaluation_b/g/output_of_question_1.json': '"y"',
    });
    await expect(readOutputFiles(path)).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringMatching(/evaluation_a, evaluation_b/),
    });
    expect((await readOutputFiles(join(path, 'evaluation_b')))?.byId.get('g_question_0')).toBe('y');
  });

  it('are asked for where there are none, and left to others where the path is a file', async () => {
    await expect(readOutputFiles(folder('none', { 'a.txt': '' }))).rejects.toMatchObject({ exitCode: 2 });
    await expect(readOutputFiles(folder('bad', { 'g/output_of_question_1.json': '{}' }))).rejects.toMatchObject({
      exitCode: 2,
    });
    expect(await readOutputFiles(join(folder('file', { 'replies.jsonl': '' }), 'replies.jsonl'))).toBeUndefined();
    expect(await readOutputFiles(join(root, 'missing.jsonl'))).toBeUndefined();
  });
});
