import { openStore } from '../../src/store/index.ts';
import { promptOf, requestKey } from './endpoint.ts';

/** Keys of the answers that the newest run of a store has journaled, one an answer. */
export async function journaledKeys(home: string): Promise<string[]> {
  const store = await openStore(home, { onWarning: () => undefined });
  try {
    const run = (await store.listRuns())[0];
    const keys: string[] = [];
    if (run === undefined) return keys;
    for await (const call of store.calls(run.id)) {
      const request = JSON.parse(call.request) as { messages: Parameters<typeof promptOf>[0]; seed?: number };
      keys.push(requestKey(promptOf(request.messages), request.seed));
    }
    return keys;
  } finally {
    await store.close();
  }
}

export function countOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
