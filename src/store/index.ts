/**
 * Durable runs: the journal, the results and the images of a folder.
 * `node:sqlite` in WAL mode for one machine.
 */
export { databaseName, openStore, type StoreOptions } from './open-store.ts';
