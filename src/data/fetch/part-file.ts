import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';

/** What is known of the answer whose beginning a part file holds. */
const validatorSchema = z.object({
  url: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
});
export type PartValidator = z.output<typeof validatorSchema>;

/** The beginning of a download: `PATH.part`, with what identifies its answer in `PATH.part.json`. Hashed as it grows. */
export class PartFile {
  size = 0;
  validator: PartValidator | undefined;
  #hash: Hash = createHash('sha256');
  readonly #path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** Opens or makes the part of `path`; what is there already is hashed. */
  static async open(path: string): Promise<PartFile> {
    const handle = await open(`${path}.part`, 'a+');
    const part = new PartFile(path, handle);
    try {
      part.validator = validatorSchema.parse(JSON.parse(await readFile(`${path}.part.json`, 'utf8')));
    } catch {
      part.validator = undefined;
    }
    const { size } = await handle.stat();
    if (size > 0) for await (const chunk of createReadStream(`${path}.part`)) part.#hash.update(chunk as Buffer);
    part.size = size;
    return part;
  }

  async append(chunk: Uint8Array): Promise<void> {
    let written = 0;
    while (written < chunk.length) {
      written += (await this.#handle.write(chunk, written, chunk.length - written)).bytesWritten;
    }
    this.#hash.update(chunk);
    this.size += chunk.length;
  }

  /** Starts again from nothing. */
  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#hash = createHash('sha256');
    this.size = 0;
  }

  async identify(validator: PartValidator): Promise<void> {
    this.validator = validator;
    await writeFile(`${this.#path}.part.json`, JSON.stringify(validator));
  }

  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Makes the part the file, once its bytes are on the disk. */
  async finish(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
    await rename(`${this.#path}.part`, this.#path);
    await rm(`${this.#path}.part.json`, { force: true });
  }

  /** Keeps a wrong part beside as `PATH.bad`, for a look at it. */
  async reject(): Promise<void> {
    await this.#handle.close();
    await rename(`${this.#path}.part`, `${this.#path}.bad`);
    await rm(`${this.#path}.part.json`, { force: true });
  }

  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}
