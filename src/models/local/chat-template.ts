import type { Template } from '@huggingface/jinja';
import { errorMessage, FettleError, messageText, type Message } from '../../core/index.ts';

/** A piece of a prompt. Only what the template itself wrote may become control tokens. */
export interface PromptPiece {
  readonly text: string;
  readonly trusted: boolean;
}

export interface ChatTemplateOptions {
  /** Jinja source, from the model file. */
  readonly source: string;
  readonly bosToken: string;
  readonly eosToken: string;
  /** Texts of the vocabulary's control tokens: `<|im_end|>`. */
  readonly controlTexts: readonly string[];
}

export type ChatTemplate = (messages: readonly Message[]) => PromptPiece[];

// Private-use characters stand in for control texts while the template runs; a template that trims or tests
// the content sees them as ordinary letters.
const open = '\uE0F0';
const close = '\uE0F1';

/**
 * Renders messages with a model's own chat template, as `apply_chat_template(…, add_generation_prompt=True)` of
 * Hugging Face transformers does. What is not in the messages comes from the template alone (SmolLM2's template adds
 * its own system message where there is none).
 *
 * Text of a message that spells a control token stays text: it comes back in pieces that are not trusted, so data
 * cannot end a turn or open another one. Transformers and llama.cpp's server would obey it.
 *
 * Throws `chat-template` where the template refuses the messages.
 */
export async function createChatTemplate(options: ChatTemplateOptions): Promise<ChatTemplate> {
  const { Template } = await import('@huggingface/jinja');
  let template: Template;
  try {
    template = new Template(options.source);
  } catch (cause) {
    throw templateError('The chat template in the model file cannot be read', cause);
  }
  // Longer ones first, so that none is cut by a shorter one that it begins with.
  const controls = options.controlTexts.filter((text) => text !== '').toSorted((a, b) => b.length - a.length);
  return (messages) => {
    const guarded = messages.map((message) => ({ role: message.role, content: guard(messageText(message), controls) }));
    try {
      const rendered = template.render({
        messages: guarded,
        add_generation_prompt: true,
        bos_token: options.bosToken,
        eos_token: options.eosToken,
      });
      return unguard(rendered, controls);
    } catch (cause) {
      throw templateError('The chat template of the model refuses these messages', cause);
    }
  };
}

function templateError(message: string, cause: unknown): FettleError {
  return new FettleError(`${message}: ${errorMessage(cause)}`, {
    code: 'chat-template',
    hint: 'Use another order of roles, or `raw` to continue plain text',
    cause,
  });
}

function guard(content: string, controls: readonly string[]): string {
  let guarded = content;
  for (const [index, text] of controls.entries()) {
    if (guarded.includes(text)) guarded = guarded.replaceAll(text, `${open}${index}${close}`);
  }
  return guarded;
}

function unguard(rendered: string, controls: readonly string[]): PromptPiece[] {
  const pieces: PromptPiece[] = [];
  const parts = rendered.split(/\uE0F0(\d+)\uE0F1/);
  for (const [position, part] of parts.entries()) {
    if (position % 2 === 0) pieces.push({ text: part, trusted: true });
    // A message may hold such a mark itself; what names no control text is given back as it was.
    else pieces.push({ text: controls[Number(part)] ?? `${open}${part}${close}`, trusted: false });
  }
  return pieces.filter((piece) => piece.text !== '');
}
