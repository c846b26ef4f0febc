// engine:hub/OWNER/NAME against a server on this machine that speaks what huggingface_hub asks for.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineEnvironment, findEngine } from '../../src/engine/index.ts';
import { createEngineModel } from '../../src/models/index.ts';
import { type HubServer, serveCheckpoint } from './hub-server.ts';
import { makeCheckpoints, testEnvironment } from './tiny-checkpoints.ts';

const engine = findEngine();
if (engine === undefined) console.warn('skipped: the engine is not set up (fettle engine setup)');

describe.skipIf(engine === undefined)('models of the hub', () => {
  let root: string;
  let folder: string;
  let hub: HubServer;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'fettle-hub-'));
    folder = (await makeCheckpoints(engineEnvironment().python, root, ['language'])).language;
    hub = await serveCheckpoint('owner/tiny', folder, {
      'pytorch_model.bin': 'a pickle',
      'modeling_tiny.py': 'print("code")',
      'README.md': 'words',
    });
    env = {
      ...testEnvironment,
      HF_ENDPOINT: hub.address,
      HF_HOME: join(root, 'hub'),
      HF_HUB_DISABLE_XET: '1',
      HF_HUB_OFFLINE: '0',
      HF_TOKEN: '',
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
    };
  }, 120_000);

  afterAll(async () => {
    await hub?.close();
    await rm(root, { recursive: true, force: true });
  });

  it('is fetched once, without pickles and code, and answers like the folder', async () => {
    const request = { messages: [{ role: 'user' as const, content: 'question:' }], maxTokens: 5 };
    const local = await createEngineModel(folder, { env });
    expect(hub.seen).toEqual([]);
    const model = await createEngineModel('hub/owner/tiny', { env });
    expect(model.identity).toMatchObject({ hub: 'owner/tiny', commit: hub.commit, model: 'language' });
    expect((await model.generate(request)).text).toBe((await local.generate(request)).text);
    await Promise.all([model.close?.(), local.close?.()]);
    const fetched = hub.seen.filter((line) => line.startsWith('GET /owner/')).map((line) => line.split('/').at(-1));
    expect(fetched).toContain('model.safetensors');
    for (const name of ['pytorch_model.bin', 'modeling_tiny.py', 'README.md']) expect(fetched).not.toContain(name);

    const asked = hub.seen.length;
    const pinned = await createEngineModel(`hub/owner/tiny@${hub.commit}`, { env: { ...env, HF_HUB_OFFLINE: '1' } });
    expect(pinned.identity).toEqual(model.identity);
    await pinned.close?.();
    expect(hub.seen).toHaveLength(asked);
  });

  it('says what is wrong: offline and not fetched, unknown, no name of the hub', async () => {
    const asked = hub.seen.length;
    await expect(createEngineModel('hub/owner/other', { env: { ...env, HF_HUB_OFFLINE: '1' } })).rejects.toMatchObject({
      code: 'engine-hub-unreachable',
      message: expect.stringContaining('HF_HUB_OFFLINE'),
    });
    expect(hub.seen).toHaveLength(asked);
    await expect(createEngineModel('hub/owner/other', { env })).rejects.toMatchObject({
      code: 'engine-hub-unreachable',
      message: expect.stringContaining('owner/other'),
      hint: expect.stringContaining('HF_ENDPOINT'),
    });
    await expect(createEngineModel('hub/owner', { env })).rejects.toMatchObject({ code: 'usage' });
  });
});
