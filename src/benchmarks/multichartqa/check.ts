import { type DataFault, errorMessage, FettleError } from '../../core/index.ts';
import { findData, type FoundData, foldersWithoutQuestions, groupFileName } from './data/find-data.ts';
import { lookUp, orderDiffers, readAll } from './data/load.ts';
import type { Chart } from './data/question.ts';
import { expectedType, type RawQuestion } from './data/read-question.ts';
import { inspectImage } from '../../data/index.ts';
import { defaultMaxMegapixels } from './options.ts';
import { repairMojibake } from './scoring/index.ts';
import { knownTasks, questionsPerGroup } from './vocabulary.ts';

const endings: Readonly<Record<string, RegExp>> = {
  'image/png': /\.png$/i,
  'image/jpeg': /\.jpe?g$/i,
  'image/webp': /\.webp$/i,
  'image/gif': /\.gif$/i,
};

/** What UTF-8 leaves behind that was read as Windows-1252: `Â` at the end of a word, `Ã` and `â€` before signs. */
const looksDoubleEncoded = /Â(?:\s|$)|Ã[\u0080-\u00bf]|â€/;

/**
 * Every fault of a data set: rows that cannot be read, repeated ids, types and tasks that are none, groups without four
 * questions, double-encoded golds, charts that are missing, cannot be read or are not what their names say, groups
 * whose order of charts is uncertain.
 */
export async function* checkCharts(data: string): AsyncGenerator<DataFault> {
  const found = await findData(data);
  try {
    for (const note of found.notes) yield { file: found.tree.location, severity: 'warning', message: note };
    const faults: DataFault[] = [];
    const questions = await readAll(found, (fault) => faults.push(fault));
    yield* faults;
    yield* questionFaults(questions);
    yield* groupFaults(questions, found);
    yield* chartFaults(questions, found);
  } finally {
    await found.close();
  }
}

function* questionFaults(questions: readonly RawQuestion[]): Generator<DataFault> {
  const seen = new Map<string, string>();
  for (const question of questions) {
    const { file, line, id, type, task, answer } = question;
    const place = { file, line };
    if (id !== undefined) {
      const other = seen.get(id);
      if (other === undefined) seen.set(id, `${file}:${line}`);
      else {
        const message = `the id ${JSON.stringify(id)} is also that of ${other}`;
        yield { ...place, severity: 'error', message, hint: 'Give every question its own id.' };
      }
    }
    if (type !== 'open-ended' && type !== 'multiple-choice') {
      yield { ...place, severity: 'error', message: `the type ${JSON.stringify(type)} is unknown` };
    } else {
      const expected = expectedType(question);
      if (expected !== type) {
        yield {
          ...place,
          severity: 'warning',
          message: `the type is ${type}, but question and answer look ${expected}`,
        };
      }
    }
    if (!knownTasks.some((known) => known === task)) {
      yield { ...place, severity: 'warning', message: `the task ${JSON.stringify(task)} is in no release` };
    }
    if (answer.trim() === '') yield { ...place, severity: 'error', message: 'the answer is empty' };
    const gold = JSON.stringify(answer);
    const repaired = repairMojibake(answer);
    if (repaired !== answer) {
      const message = `the gold ${gold} is double-encoded; strict scoring reads it as ${JSON.stringify(repaired)}`;
      yield { ...place, severity: 'warning', message };
    } else if (looksDoubleEncoded.test(answer)) {
      yield { ...place, severity: 'warning', message: `the gold ${gold} looks double-encoded and stays as it is` };
    }
  }
}

function* groupFaults(questions: readonly RawQuestion[], found: FoundData): Generator<DataFault> {
  for (const [group, members] of Map.groupBy(questions, (question) => question.group)) {
    const { file, line, charts } = members[0] as RawQuestion;
    if (members.length !== questionsPerGroup) {
      const message = `the group ${group} has ${members.length} questions and not ${questionsPerGroup}`;
      yield { file, line, severity: 'warning', message };
    }
    const lists = new Set(members.map((question) => question.charts.map(({ path }) => path).join('\n')));
    if (lists.size > 1) {
      yield { file, line, severity: 'error', message: `questions of the group ${group} name different charts` };
    }
    if (orderDiffers(charts)) {
      const message = `the charts of ${group} are listed in another order than that of their names: "the first chart" is uncertain`;
      yield { file, line, severity: 'warning', message, hint: '--option order=reference sorts by name.' };
    }
  }
  for (const folder of foldersWithoutQuestions(found)) {
    yield {
      file: folder,
      severity: 'error',
      message: 'charts without a file of questions',
      hint: `Expected is ${groupFileName} beside them: fetch the data again.`,
    };
  }
}

async function* chartFaults(questions: readonly RawQuestion[], found: FoundData): AsyncGenerator<DataFault> {
  const seen = new Set<string>();
  let missingGroups = 0;
  let missingCharts = 0;
  for (const members of Map.groupBy(questions, ({ group }) => group).values()) {
    const { file, line, charts } = members[0] as RawQuestion;
    const looked = charts.map((cell) => lookUp(cell, found));
    if (found.charts.size > 0 && looked.every(({ image }) => image === undefined)) {
      // A part of the data was fetched, perhaps on purpose: one line says so, not one a chart.
      missingGroups += 1;
      missingCharts += looked.length;
      continue;
    }
    for (const chart of looked) {
      if (seen.has(chart.path)) continue;
      seen.add(chart.path);
      for (const fault of await faultsOf(chart)) yield { file, line, ...fault };
    }
  }
  if (missingGroups > 0) {
    yield {
      file: found.tree.location,
      severity: 'warning',
      message: `${missingGroups} groups have none of their ${missingCharts} charts here: runs leave them out`,
      hint: 'Fetch the data again to have all of it.',
    };
  }
}

async function faultsOf({ path, image }: Chart): Promise<Pick<DataFault, 'severity' | 'message' | 'hint'>[]> {
  if (image === undefined) {
    return [
      {
        severity: 'error',
        message: `the chart ${path} is missing`,
        hint: 'Fetch the data again; four charts are missing in the release itself.',
      },
    ];
  }
  try {
    const { bytes, mediaType } = await image.load();
    const { width, height } = await inspectImage(bytes, path);
    const ending = endings[mediaType];
    const faults: Pick<DataFault, 'severity' | 'message' | 'hint'>[] = [];
    if (ending !== undefined && /\.[a-z]+$/i.test(path) && !ending.test(path)) {
      faults.push({ severity: 'warning', message: `the chart ${path} is ${mediaType}, which is what models are told` });
    }
    if (width * height > defaultMaxMegapixels * 1e6) {
      faults.push({
        severity: 'warning',
        message: `the chart ${path} has ${width} by ${height} pixels and is sent smaller`,
      });
    }
    return faults;
  } catch (error) {
    const hint = FettleError.isInstance(error) ? error.hint : undefined;
    return [{ severity: 'error', message: errorMessage(error), ...(hint === undefined ? {} : { hint }) }];
  }
}
