// What the scripted models of the bench say: solutions of four steps that share beginnings, and verdicts on steps.
import { hash } from 'node:crypto';

/** A number in [0, 1) that a text decides. */
const fraction = (text) => Number.parseInt(hash('sha256', text, 'hex').slice(0, 8), 16) / 2 ** 32;

/** Later steps vary more than earlier ones, as sampled solutions do. */
const spread = [2, 3, 5, 8];

/** @returns {string} a solution in tagged steps */
export function solution(question, seed) {
  let prefix = `${question}\n`;
  const steps = spread.map((ways, i) => {
    const choice = Math.floor(fraction(`${prefix}${seed}\n${i}`) * ways);
    prefix += `${choice}\n`;
    return `<Step ${i + 1}> Way ${choice} of part ${i + 1}: ${choice} + ${i} = ${choice + i}, which is carried on. </Step ${i + 1}>`;
  });
  const answer = Math.floor(fraction(prefix) * 4);
  return `${steps.join('\n')}\nThe answer is ${answer}: <ans>${answer}</ans>`;
}

/** @returns {number} how likely a verifier finds what stands in its prompt right */
export const verdict = (prompt) => 0.3 + 0.69 * fraction(prompt);

export const promptOf = (messages) =>
  messages
    .map(({ content }) => (typeof content === 'string' ? content : content.map(({ text }) => text).join('')))
    .join('\n');

/** An answer as the chat completions of OpenAI write it. */
export function answer({ model, messages, seed }) {
  const prompt = promptOf(messages);
  const choice = { index: 0, finish_reason: 'stop' };
  if (model === 'judge') {
    const right = verdict(prompt);
    const top = [
      { token: 'correct', logprob: Math.log(right) },
      { token: 'wrong', logprob: Math.log(1 - right) },
    ];
    const content = [{ ...top[0], bytes: null, top_logprobs: top }];
    return { ...choice, message: { role: 'assistant', content: 'correct' }, logprobs: { content } };
  }
  return { ...choice, message: { role: 'assistant', content: solution(prompt, seed ?? 0) } };
}

export const usageOf = ({ model, messages }) => {
  const prompt_tokens = Math.ceil(promptOf(messages).length / 4);
  const completion_tokens = model === 'judge' ? 1 : 90;
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
};
