// Writes the protocol's JSON Schemas, which the Python engine checks its lines with, from the zod schemas;
// with --check, fails when a file is not what would be written.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { eventSchema, requestSchema, trainingJobSchema } from '../src/engine/protocol/index.ts';

const folder = fileURLToPath(new URL('../engine/src/fettle_engine/schemas', import.meta.url));

// Jobs and requests are described as they may be written (fields with a default left out), events as they are read.
const schemas = {
  'job.json': z.toJSONSchema(trainingJobSchema, { io: 'input' }),
  'request.json': z.toJSONSchema(requestSchema, { io: 'input' }),
  'event.json': z.toJSONSchema(eventSchema, { io: 'input' }),
};

let stale = 0;
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(schemas)) {
  const file = `${folder}/${name}`;
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
    continue;
  }
  let present = '';
  try {
    present = readFileSync(file, 'utf8');
  } catch {
    // Reported below like any other difference.
  }
  if (present === text) continue;
  stale += 1;
  console.error(`engine/src/fettle_engine/schemas/${name} is not what the protocol says.`);
}
if (stale > 0) {
  console.error('Write the schemas anew with: node scripts/engine-schemas.ts');
  process.exit(1);
}
