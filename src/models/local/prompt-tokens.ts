import type { LlamaModel, Token } from 'node-llama-cpp';
import { FettleError, messageText, type Message } from '../../core/index.ts';
import { refuseImagesInMessages } from '../refuse-images.ts';
import { createChatTemplate, type ChatTemplate } from './chat-template.ts';

/** From requests to tokens, for one model. */
export interface PromptTokens {
  /** The model's chat template over all messages, up to where the assistant's reply begins. */
  chat(messages: readonly Message[]): Token[];
  /** The last message's text as it stands. Texts of control tokens become those tokens, as in other engines. */
  raw(messages: readonly Message[], continuation?: string): Token[];
  /** Text that follows other tokens; control texts stay text. */
  continuation(text: string): Token[];
}

const controlType = 3;

/**
 * Throws `local-no-template` from `chat` where the model file has no chat template: its base models take `raw`
 * requests alone, and inventing a template would measure something else.
 */
export async function createPromptTokens(model: LlamaModel, name: string): Promise<PromptTokens> {
  const template = await modelTemplate(model);
  const { bos, eos, shouldPrependBosToken } = model.tokens;
  const start = shouldPrependBosToken ? bos : null;
  const withStart = (tokens: Token[]): Token[] => (start === null || tokens[0] === start ? tokens : [start, ...tokens]);
  return {
    chat(messages) {
      requireText(messages, name);
      if (template === undefined) {
        throw new FettleError(`The model ${name} has no chat template`, {
          code: 'local-no-template',
          hint: 'It is a base model: use `raw` requests, or take its instruction-tuned sibling',
        });
      }
      const tokens: Token[] = [];
      for (const { text, trusted } of template(messages)) {
        tokens.push(...model.tokenize(text, trusted, tokens.length === 0 ? undefined : 'trimLeadingSpace'));
      }
      return withStart(tokens);
    },
    raw(messages, continuation = '') {
      const last = messages.at(-1);
      requireText(last === undefined ? [] : [last], name);
      const tokens = withStart(model.tokenize((last === undefined ? '' : messageText(last)) + continuation, true));
      // Something must stand before the first scored token; lm-evaluation-harness takes the same two.
      const before = bos ?? eos;
      return start === null && before !== null && (last === undefined || messageText(last) === '')
        ? [before, ...tokens]
        : tokens;
    },
    continuation: (text) => (text === '' ? [] : model.tokenize(text, false, 'trimLeadingSpace')),
  };
}

async function modelTemplate(model: LlamaModel): Promise<ChatTemplate | undefined> {
  const source = model.fileInfo.metadata.tokenizer.chat_template;
  if (source === undefined || source === '') return undefined;
  const { tokens = [], token_type: types = [] } = model.fileInfo.metadata.tokenizer.ggml;
  return createChatTemplate({
    source,
    bosToken: model.tokens.bosString ?? '',
    eosToken: model.tokens.eosString ?? '',
    controlTexts: tokens.filter((_, index) => types[index] === controlType),
  });
}

function requireText(messages: readonly Message[], name: string): void {
  refuseImagesInMessages(
    messages,
    name,
    'Use a multimodal model behind an OpenAI-compatible server, or ask in words alone where the benchmark can (--prompt captioned or text-only).',
  );
}
