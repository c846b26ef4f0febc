import { createHash } from 'node:crypto';
import { html, trusted, type Markup } from './markup.ts';
import { shortName } from './visible-text.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/**
 * A whole self-contained page around `body`. Its content security policy allows the given style sheet and script, by
 * their hashes, and nothing else: no request leaves the page, no other script runs, no style attribute counts.
 */
export function page(options: {
  /** Others' text: shortened and escaped. */
  readonly title: string;
  readonly body: Markup;
  /** Our own style sheet. */
  readonly style: string;
  /** Our own script; a page without one allows none. */
  readonly script?: string;
}): string {
  const { style, script } = options;
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${sha256(style)}'`,
    ...(script === undefined ? [] : [`script-src 'sha256-${sha256(script)}'`]),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`${trusted('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>${shortName(options.title)} · Fettle report</title>
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        ${options.body} ${script !== undefined && trusted(`<script>${script}</script>`)}
      </body>
    </html> `.text;
}
