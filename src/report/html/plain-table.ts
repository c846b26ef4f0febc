import { html, type Markup, type MarkupValue } from './markup.ts';

export interface TableColumn {
  readonly title: string;
  readonly number?: boolean;
}

export interface TableRow {
  /** The first is the row's heading. */
  readonly cells: readonly MarkupValue[];
  readonly kind?: 'group' | 'task';
}

/** A table with a caption, headings of columns and of rows, in a region that scrolls by itself. */
export const plainTable = (caption: string, columns: readonly TableColumn[], rows: readonly TableRow[]): Markup =>
  html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table class="plain-table">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, number }) => html`<th scope="col" ${number === true && html` class="number"`}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ cells, kind }) =>
            html`<tr${kind && html` class="${kind}"`}>
              ${cells.map((cell, i) =>
                i === 0
                  ? html`<th scope="row">${cell}</th>`
                  : html`<td${columns[i]?.number === true && html` class="number"`}>${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
