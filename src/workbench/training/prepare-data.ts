import { usageError } from '../../core/index.ts';
import {
  applyForgetRule,
  cacheFolder,
  describeForgetRule,
  type ForgetRule,
  type ForgetSelection,
  openImageSet,
  readForgetRule,
} from '../../data/index.ts';
import { nearAndFar } from '../../metrics/index.ts';
import {
  drawnPictures,
  forgetSets,
  hashItems,
  type HashedItem,
  preparePairs,
  type PreparedPairs,
  type Sets,
  type Split,
  splitItems,
  strataOf,
} from '../../training/index.ts';
import { join } from 'node:path';
import { conceptName } from './concept-name.ts';
import type { DataConfig } from './experiment-config.ts';
import type { TrainingHooks } from './training-hooks.ts';

/** One rule with what it marks. */
export interface Concept {
  readonly name: string;
  readonly rule: string;
  readonly selection: ForgetSelection;
  readonly sets: Sets;
  /** Retained classes that share a superclass with a forgotten one. */
  readonly near: readonly string[];
}

/** Pictures split, decoded and paired with texts. */
export interface PreparedData {
  readonly name: string;
  readonly location: string;
  readonly items: readonly HashedItem[];
  readonly split: Split;
  readonly concepts: readonly Concept[];
  readonly pairs: PreparedPairs;
  /** Names of the classes by number; null where items have captions alone. */
  readonly classes: readonly string[] | null;
  readonly superclasses: ReadonlyMap<string, string> | null;
  readonly hash: string;
  readonly notes: readonly string[];
}

/** Reads the pictures, applies the rules, splits and prepares pairs. Rules are checked before anything is decoded. */
export async function prepareData(
  config: DataConfig,
  rules: readonly string[],
  size: number,
  hooks: TrainingHooks,
  { ruleStrata = true }: { readonly ruleStrata?: boolean } = {},
): Promise<PreparedData> {
  const { onNews, signal } = hooks;
  const parsed = await Promise.all(rules.map((rule) => readForgetRule(rule)));
  await using set =
    config.data === null
      ? drawn(config, size)
      : await openImageSet(config.data, { form: config.form ?? formOf(parsed) });
  const hashed = await hashItems(set.items, {
    signal,
    onProgress: ({ done, total }) => onNews?.({ kind: 'data', text: 'reading pictures', done, total }),
  });
  const selections = parsed.map((rule) => applyForgetRule(rule, hashed, { duplicates: config.duplicates }));
  const classes = hashed.every((item) => item.class !== undefined);
  if (!classes && !hashed.every((item) => (item.captions?.length ?? 0) > 0)) {
    throw usageError('Some pictures have neither a class nor a caption.', {
      where: set.location,
      hint: 'Give every picture a class (a folder of its name) or captions.',
    });
  }
  const split = splitItems(hashed, {
    seed: config.splitSeed,
    validation: config.validation,
    test: config.test,
    duplicates: config.duplicates,
    // Classes are strata by themselves. Captions have none, and a given model's own split knew no rule.
    ...(selections.length > 0 && !classes && ruleStrata ? { strata: strataOf(hashed, selections) } : {}),
  });
  const pairs = await preparePairs({
    items: hashed,
    size,
    texts: classes ? { from: 'classes', templates: [config.template], article: 'keep' } : { from: 'captions' },
    cacheFolder: join(cacheFolder(), 'pairs'),
    signal,
    onProgress: ({ phase, done, total }) =>
      onNews?.({ kind: 'data', text: phase === 'hash' ? 'reading pictures' : 'preparing pictures', done, total }),
  });
  const superclasses = superclassesOf(hashed);
  return {
    name: set.name,
    location: set.location,
    items: hashed,
    split,
    concepts: selections.map((selection) => ({
      name: conceptName(selection.rule),
      rule: describeForgetRule(selection.rule),
      selection,
      sets: forgetSets(split, selection, hashed),
      near: nearClasses(hashed, selection, superclasses),
    })),
    pairs,
    classes: classes ? pairs.manifest.classes : null,
    superclasses,
    hash: await set.hash(),
    notes: [...set.notes, ...split.notes],
  };
}

/** Rules about classes need folders of classes, rules about words need captions; data may hold both. */
function formOf(rules: readonly ForgetRule[]): 'classes' | 'captions' | undefined {
  const parts = rules.flatMap(({ any }) => any);
  if (parts.some((part) => 'classes' in part || 'superclasses' in part)) return 'classes';
  return parts.some((part) => 'words' in part) ? 'captions' : undefined;
}

/** Pictures of ours as a set like those that are read. */
function drawn(config: DataConfig, size: number) {
  const set = drawnPictures({ size, train: config.drawn.train, test: config.drawn.test, seed: 0 });
  return { ...set, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function superclassesOf(items: readonly HashedItem[]): ReadonlyMap<string, string> | null {
  const found = new Map<string, string>();
  for (const { class: name, superclass } of items) {
    if (name !== undefined && superclass !== undefined) found.set(name, superclass);
  }
  return found.size === 0 ? null : found;
}

function nearClasses(
  items: readonly HashedItem[],
  { forget }: ForgetSelection,
  superclasses: ReadonlyMap<string, string> | null,
): string[] {
  if (superclasses === null) return [];
  const forgotten = new Set(forget.flatMap((row) => items[row]?.class ?? []));
  return [...nearAndFar([...superclasses.keys()], forgotten, superclasses).near];
}
