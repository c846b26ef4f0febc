import { describe, expect, it } from 'vitest';
import type { ContentPart, ImageReference } from '../../core/index.ts';
import type { Question } from './data/question.ts';
import { instructionOf, promptOf } from './prompts.ts';
import { instructionKind } from './reference/prompt-parts.ts';
import { type EvaluationSet, findSet } from './sets.ts';

const set = findSet('mirb') as EvaluationSet;
const dude = findSet('dude') as EvaluationSet;

function question(change: Partial<Question> = {}): Question {
  return {
    id: 'q',
    text: 'What is it?',
    type: 'open-ended',
    options: null,
    answers: ['x'],
    images: [],
    file: 'f',
    line: 1,
    row: 0,
    ...change,
  };
}

const image = (label: string): ImageReference => ({ label, load: () => Promise.reject(new Error('not loaded here')) });

/** The message with images in brackets. */
function shown(asked: Question, setting: 'direct' | 'cot' | 'none' = 'none', textOnly = false): string {
  const [message] = promptOf(asked, textOnly ? [] : asked.images.map(image), set, { setting });
  const content = message?.content ?? '';
  if (typeof content === 'string') return content;
  return content.map((part: ContentPart) => (part.type === 'text' ? part.text : `[${part.image.label}]`)).join('|');
}

describe('promptOf', () => {
  it('puts images first and numbers several', () => {
    expect(shown(question({ images: ['a', 'b'] }))).toBe('Image 1:|[a]|Image 2:|[b]|What is it?');
    expect(shown(question({ images: ['a'] }))).toBe('[a]|What is it?');
  });

  it('names the images that a question points to, and drops markers that point to none', () => {
    const text = '<image> <image>\nIs <image> like <image>?';
    expect(shown(question({ text, images: ['a', 'b', 'c'] }))).toBe(
      'Image 1:|[a]|Image 2:|[b]|Image 3:|[c]|Is image 3 like ?',
    );
    expect(shown(question({ text: 'In <image>, what?', images: ['a'] }))).toBe('Image 1:|[a]|In image 1, what?');
  });

  it('lists options where the question does not', () => {
    const choice = question({ type: 'multiple-choice', options: ['red', 'blue'] });
    expect(shown(choice)).toBe('What is it?\nA. red\nB. blue');
    expect(shown({ ...choice, text: 'Which?\nOptions: A. red B. blue' })).toBe('Which?\nOptions: A. red B. blue');
    expect(shown({ ...choice, options: ['A', 'B'] })).toBe('What is it?');
  });

  it('leaves images out', () => {
    expect(shown(question({ images: ['a', 'b'], text: '<image><image> Which?' }), 'none', true)).toBe('Which?');
  });

  it('asks for a letter, a text or an answer, as the released prompts do', () => {
    const types = ['multiple-choice', 'open-ended', 'captioning', 'webqa'] as const;
    for (const setting of ['direct', 'cot', 'none'] as const) {
      for (const type of types) {
        const kind = instructionKind(setting, type);
        const text = instructionOf(question({ type }), set, setting);
        expect([
          kind,
          text === '',
          text.includes('letter'),
          text.includes('step by step') || text.startsWith('Think'),
        ]).toEqual([kind, kind === 'none', kind.endsWith('-choice'), kind.startsWith('cot-')]);
      }
    }
  });

  it('says how to abstain where a set has questions without an answer', () => {
    expect(instructionOf(question(), dude, 'direct')).toContain('unanswerable');
    expect(instructionOf(question(), set, 'direct')).not.toContain('unanswerable');
  });
});
