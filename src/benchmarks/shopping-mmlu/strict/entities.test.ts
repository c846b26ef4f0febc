import { describe, expect, it } from 'vitest';
import { readEntities } from './entities.ts';

const prompt = "Copy the phrases of the entity type 'brand'.\nQuery: cadbury buttons";

describe('readEntities', () => {
  it.each([
    ['cadbury', 'cadbury'],
    ['cadbury, nestle', 'cadbury|nestle'],
    ['cadbury, cadbury', 'cadbury'],
    ['[\'cadbury\', "nestle"]', 'cadbury|nestle'],
    ['["cadbury"]', 'cadbury'],
    ['[cadbury]', 'cadbury'],
    ["'cadbury'.", 'cadbury'],
    ['Brand: cadbury', 'cadbury'],
    ['The brand is "cadbury".', 'cadbury'],
    ['Entities: cadbury, nestle', 'cadbury|nestle'],
    ['The brand in the query is:\n- **cadbury**', 'cadbury'],
    ['cadbury\nexplanation, more', 'cadbury'],
    ['<think>nestle?</think> cadbury', 'cadbury'],
    ['cadbury, ,', 'cadbury'],
    ['None', ''],
    ['キャドバリー、ネスレ', 'キャドバリー|ネスレ'],
  ])('%j gives %s', (reply, expected) => {
    const read = readEntities(reply, prompt);
    expect('entities' in read ? read.entities.join('|') : null).toBe(expected);
  });

  it.each(['', '  \n', ', ,', '<think>cadbury'])('%j gives nothing', (reply) => {
    expect(readEntities(reply, prompt)).toHaveProperty('unread');
  });
});
