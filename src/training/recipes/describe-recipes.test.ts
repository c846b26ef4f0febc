import { expect, it } from 'vitest';
import { clipConfigSchema } from './clip-config.ts';
import { cliperaseConfigSchema } from './cliperase-config.ts';
import { recipes } from './describe-recipes.ts';

/** What `--set` makes of the listed defaults. */
function defaultsOf(name: string): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const { name: path, default: value } of recipes.find((recipe) => recipe.name === name)?.settings ?? []) {
    if (value === undefined) continue;
    const names = path.split('.');
    const last = names.pop() ?? '';
    const place = names.reduce<Record<string, unknown>>(
      (at, key) => (at[key] ??= {}) as Record<string, unknown>,
      config,
    );
    place[last] = value;
  }
  return config;
}

it.each([
  ['clip', clipConfigSchema],
  ['cliperase', cliperaseConfigSchema],
])('lists the settings of %s with the defaults that the recipe has', (name, schema) => {
  const listed = defaultsOf(name);
  expect(schema.parse({})).toEqual(listed);
});

it('says which values a setting can have', () => {
  const settings = recipes.find(({ name }) => name === 'cliperase')?.settings;
  expect(settings).toContainEqual({
    name: 'forgetting.form',
    default: 'cosine',
    values: ['cosine', 'dot', 'margin', 'negative-ce'],
  });
});
