import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';

/** Opens a page from a file and gathers everything that should not happen on it. */
export async function openPage(browser: Browser, path: string, html: string, options: BrowserContextOptions = {}) {
  await writeFile(path, html);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', (message) => trouble.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`error: ${String(error)}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const own = pathToFileURL(path).href;
  page.on('request', (request) => {
    if (request.url() !== own) trouble.push(`request: ${request.url()}`);
  });
  await page.goto(own);
  return { page, trouble };
}
