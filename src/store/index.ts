/**
 * Durable runs: the journal, the results and the images of a folder.
 * `node:sqlite` in WAL mode for one machine.
 */
export { databaseName, openStore, type StoreOptions } from './open-store.ts';
export type { RunLock } from './run-lock.ts';
export { salvageStore, type SalvageReport } from './salvage-store.ts';
export type { FolderStore } from './sqlite-store.ts';
export type { SweepReport } from './sweep-blobs.ts';
