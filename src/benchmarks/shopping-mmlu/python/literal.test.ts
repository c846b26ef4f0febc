import { describe, expect, it } from 'vitest';
import { pythonList, pythonStringList } from './literal.ts';

// Every expectation in this file is what CPython 3.11 answered.

describe('pythonStringList', () => {
  it.each([
    [`['a', "b"]`, ['a', 'b']],
    [`[]`, []],
    [`\n['a',]`, ['a']],
    [`(['a' 'b'])`, ['ab']],
    [`['it\\'s', u'\\u00e9', r'\\n', '''x\ny''']`, ["it's", 'é', '\\n', 'x\ny']],
    [`['a', # comment\n 'b']`, ['a', 'b']],
    [`['\\x41\\101\\q']`, ['AA\\q']],
  ])('reads %j', (text, list) => expect(pythonStringList(text)).toEqual(list));

  it.each([
    `[a]`,
    `['a'`,
    `['a', 1]`,
    `('a', 'b')`,
    `'a'`,
    `['a'],`,
    `[b'a']`,
    `[f'a']`,
    `\n ['a']`,
    `['a'] + ['b']`,
    `['a'];`,
    `['\\x4']`,
    `['a\nb']`,
    `['a']\n `,
    `[,]`,
    '',
  ])('takes %j for no list', (text) => expect(pythonStringList(text)).toBeUndefined());

  it('keeps other literals as they are written', () => {
    expect(pythonList(`['2 m', 3, 1.5, None]`)).toEqual([
      '2 m',
      { literal: '3' },
      { literal: '1.5' },
      { literal: 'None' },
    ]);
  });
});
