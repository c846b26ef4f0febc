import { expect, it } from 'vitest';
import { detectLanguage } from './language.ts';

it.each([
  ['Translate the title into French: red cup', 'Tasse rouge', 'fr'],
  ['Give a title for the German online shop: red cup', 'Rote Tasse', 'de'],
  ['Which keywords fit?\nLa lámpara es para el escritorio y se conecta por USB.\n0. a\n1. b', '', 'es'],
  ['Which description fits?', 'La giacca è per uomo, con cappuccio e tasche nella fodera.', 'it'],
  ['Which description fits?', 'この傘は軽くて丈夫です。', 'ja'],
  ['What is a Japanese knife? Pick the best pan for the kitchen.', '', 'en'],
  ['Order these: el paso mug, los angeles cap', '', 'en'],
])('%j with %j is %s', (prompt, gold, language) => expect(detectLanguage(prompt, gold)).toBe(language));
