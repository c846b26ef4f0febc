import type { JsonObject, JsonValue } from '../../../core/index.ts';
import { childText, type XmlElement } from '../../../data/index.ts';
import type { ProblemForm } from './forms.ts';
import type { ProblemContent, RowTrouble } from './problem.ts';

/** More options than letters cannot be answered. */
const mostOptions = 26;

class Trouble extends Error {}

function text(row: JsonObject, name: string): string {
  const value = row[name];
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  if (value === undefined) throw new Trouble(`the field "${name}" is missing`);
  throw new Trouble(`the field "${name}" must be a text that is not blank, this is ${shown(value)}`);
}

/** A gold answer: a text or a number. */
function answer(row: JsonObject, name: string): string | number {
  const value = row[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return text(row, name);
}

function shown(value: JsonValue): string {
  const written = JSON.stringify(value);
  return written.length > 60 ? `${written.slice(0, 57)}...` : written;
}

function label(name: string, value: JsonValue | undefined): Record<string, string> {
  if (value === undefined || value === null || typeof value === 'object' || String(value).trim() === '') return {};
  return { [name]: String(value).trim() };
}

/** Steps of a formula: its operations. Signs within brackets or before a number alone are none. */
export function stepsOfFormula(formula: JsonValue | undefined): Record<string, string> {
  if (typeof formula !== 'string') return {};
  const found = formula.match(/(?<=[\w.)%\]]\s{0,3})[-+*/×÷](?=\s{0,3}[\w.([$])/g)?.length ?? 0;
  return found > 0 ? { steps: String(found) } : {};
}

/** The number behind the last "####" of a worked solution (grade-school-math, README). */
function gsmAnswer(solution: string): string {
  const at = solution.lastIndexOf('####');
  const found =
    at < 0
      ? ''
      : (
          solution
            .slice(at + 4)
            .trim()
            .split('\n', 1)[0] as string
        ).trim();
  if (found === '') throw new Trouble('the field "answer" has no "####" with the answer behind it');
  return found.replaceAll(',', '');
}

/** A worked solution without the calculator's notes and the line of the answer. */
function gsmSolution(solution: string): string {
  return solution
    .slice(0, solution.lastIndexOf('####'))
    .replaceAll(/<<[^<>]*>>/g, '')
    .trim();
}

function optionsOf(row: JsonObject): string[] {
  const options = row['options'];
  if (!Array.isArray(options) || options.length < 2 || options.length > mostOptions) {
    throw new Trouble(`the field "options" must be a list of 2 to ${mostOptions} texts`);
  }
  return options.map((option: JsonValue, i) => {
    if (typeof option !== 'string') throw new Trouble(`option ${i + 1} is no text`);
    return option;
  });
}

function choice(row: JsonObject, question: string, field: string): ProblemContent {
  const options = optionsOf(row);
  const gold = text(row, field).toUpperCase();
  if (!/^[A-Z]$/.test(gold) || gold.charCodeAt(0) - 65 >= options.length) {
    throw new Trouble(`the right option is ${shown(gold)}, and there are ${options.length} options`);
  }
  const rationale = row['rationale'];
  return { question, gold, options, labels: {}, ...(typeof rationale === 'string' && { solution: rationale }) };
}

/** The content of the last `\boxed{…}` with balanced braces; MATH marks its answers so. */
function lastBoxed(solution: string): string | undefined {
  const at = solution.lastIndexOf('\\boxed');
  if (at < 0) return undefined;
  const open = /^\\boxed\s*(\{?)/.exec(solution.slice(at, at + 40));
  const start = at + (open?.[0].length ?? 0);
  if (open?.[1] === '') return /^[^\s$\\]+/.exec(solution.slice(start))?.[0];
  let depth = 1;
  for (let i = start; i < solution.length; i++) {
    if (solution[i] === '\\') i++;
    else if (solution[i] === '{') depth++;
    else if (solution[i] === '}' && --depth === 0) return solution.slice(start, i).trim();
  }
  return undefined;
}

function mathProblem(row: JsonObject): ProblemContent {
  const solution = typeof row['solution'] === 'string' ? row['solution'] : undefined;
  const gold = row['answer'] === undefined ? lastBoxed(solution ?? '') : text(row, 'answer');
  if (gold === undefined) throw new Trouble('there is neither an "answer" nor a \\boxed{} in the "solution"');
  const level = String(row['level'] ?? '').replace(/^Level\s+/i, '');
  return {
    question: text(row, 'problem'),
    gold,
    labels: { ...label('level', level), ...label('subject', row['subject'] ?? row['type']) },
    ...(solution !== undefined && { solution }),
    ...(typeof row['unique_id'] === 'string' && { id: row['unique_id'] }),
  };
}

/** In GSM-IC's rows of PRP the planted sentence stands in `equation`; without it problems of one origin are equal. */
function originOf(question: string, planted: JsonValue | undefined): string | undefined {
  if (typeof planted !== 'string' || !/[a-z]{3,} [a-z]{2,}/i.test(planted)) return undefined;
  // Both were cut into sentences by rules that set blanks differently.
  const squeezed = (text: string): string => text.replaceAll(/\s+/g, '').toLowerCase();
  const [whole, part] = [squeezed(question), squeezed(planted)];
  return whole.includes(part) ? whole.replace(part, '') : undefined;
}

const readers: { readonly [form in Exclude<ProblemForm, 'asdiv-xml'>]: (row: JsonObject) => ProblemContent } = {
  gsm8k: (row) => {
    const solution = text(row, 'answer');
    const steps = gsmSolution(solution)
      .split('\n')
      .filter((line) => line.trim() !== '').length;
    return {
      question: text(row, 'question'),
      gold: gsmAnswer(solution),
      solution: gsmSolution(solution),
      labels: steps > 0 ? { steps: String(steps) } : {},
    };
  },
  'gsm-steps': (row) => ({
    question: text(row, 'question'),
    gold: answer(row, 'answer'),
    labels: label('steps', row['n_steps']),
  }),
  'gsm-ic': (row) => ({
    question: text(row, 'new_question'),
    gold: answer(row, 'answer'),
    labels: label('steps', row['n_steps']),
    ...(typeof row['original_question'] === 'string' && { group: row['original_question'] }),
  }),
  svamp: (row) => ({
    question: `${text(row, 'Body')} ${text(row, 'Question')}`,
    gold: answer(row, 'Answer'),
    labels: { ...label('type', row['Type']), ...stepsOfFormula(row['Equation']) },
    ...(typeof row['ID'] === 'string' && { id: row['ID'] }),
  }),
  aqua: (row) => choice(row, text(row, 'question'), 'correct'),
  math: mathProblem,
  'asdiv-rows': (row) => ({
    question: `${text(row, 'body')} ${text(row, 'question')}`,
    gold: answer(row, 'answer'),
    labels: { ...label('type', row['solution_type']), ...stepsOfFormula(row['formula']) },
  }),
  prp: (row) => {
    const question = text(row, 'problem');
    const group = originOf(question, row['equation']);
    return {
      question,
      gold: answer(row, 'gold_answer'),
      labels: group === undefined ? stepsOfFormula(row['equation']) : {},
      ...(group !== undefined && { group }),
    };
  },
  i3c: (row) => {
    const question = text(row, 'original_question');
    if (row['options'] !== undefined) return choice(row, question, 'gold_answer');
    return {
      question,
      gold: answer(row, 'gold_answer'),
      labels: {
        ...label('level', row['level']),
        ...label('subject', row['subject']),
        ...stepsOfFormula(row['equation']),
      },
    };
  },
  mawps: (row) => ({ question: text(row, 'input'), gold: answer(row, 'target'), labels: {} }),
  paths: (row) => ({
    question: text(row, 'question'),
    // What the file's own verdicts were made with; "answer" is as the set has it, before it was cleaned.
    gold: answer(row, row['gt'] === undefined ? 'answer' : 'gt'),
    labels: {
      ...label('level', String(row['level'] ?? '').replace(/^Level\s+/i, '')),
      ...label('subject', row['subject'] ?? row['type']),
    },
    id: `paths#${String(row['idx'])}`,
  }),
};

/** What a row of this form says, or what is wrong with it. Never throws, whatever the row holds. */
export function readProblem(form: Exclude<ProblemForm, 'asdiv-xml'>, row: JsonObject): ProblemContent | RowTrouble {
  return guarded(() => readers[form](row));
}

/** As `readProblem`, for a `<Problem>` of ASDiv. */
export function readAsdivProblem(element: XmlElement): ProblemContent | RowTrouble {
  return guarded(() => {
    const row: Record<string, string> = {};
    for (const name of ['Body', 'Question', 'Answer']) {
      const found = childText(element, name);
      if (found !== undefined) row[name] = found;
    }
    const source = element.attributes.get('Source');
    return {
      question: `${text(row, 'Body')} ${text(row, 'Question')}`,
      gold: text(row, 'Answer'),
      labels: {
        ...label('type', childText(element, 'Solution-Type')),
        ...label('grade', element.attributes.get('Grade')),
        ...label('source', source?.replace(/^https?:\/\/(?:www\.)?/, '').split('/')[0]),
        ...stepsOfFormula(childText(element, 'Formula')),
      },
      ...(element.attributes.has('ID') && { id: element.attributes.get('ID') as string }),
    };
  });
}

function guarded(read: () => ProblemContent): ProblemContent | RowTrouble {
  try {
    return read();
  } catch (error) {
    if (error instanceof Trouble) return { message: error.message };
    throw error;
  }
}
