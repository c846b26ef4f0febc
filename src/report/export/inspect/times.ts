/** Milliseconds since 1970 as Inspect writes times: ISO with an offset. */
export const isoTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');

/** `local:smollm2` as Inspect names models, `local/smollm2`. */
export const inspectModel = (id: string): string => (id.includes('/') && !id.includes(':') ? id : id.replace(':', '/'));
