import { html, type Markup, named } from './markup.ts';
import { shortName } from './visible-text.ts';

export type Fact = readonly [name: string, value: Markup | string | number | undefined];

/** Names and values side by side; values that are not there are left out. */
export const factsList = (facts: readonly Fact[]): Markup =>
  html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        value !== undefined &&
        value !== '' &&
        html`<div>
          <dt>${named(name, 60)}</dt>
          <dd>${typeof value === 'string' ? named(value, 300) : value}</dd>
        </div>`,
    )}
  </dl>`;

export const hashText = (hash: string): Markup => html`<code title="${hash.slice(0, 64)}">${hash.slice(0, 12)}</code>`;

export const dateText = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 16)} UTC`;

export const commandBlock = (command: string): Markup =>
  html`<p class="command-title">Run it again with</p>
    <pre class="command" tabindex="0"><code>${shortName(command, 2000)}</code></pre>`;
