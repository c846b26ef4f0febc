// Checks that every import in src/ goes where the rooms' charters allow. Run by `npm test`.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const source = fileURLToPath(new URL('../src', import.meta.url));

/** Room → rooms that it may import. The table in docs/concepts.md says the same in words. */
const allowed: Record<string, readonly string[]> = {
  core: [],
  metrics: [],
  data: ['core'],
  engine: ['core'],
  tiling: ['core', 'data'],
  models: ['core', 'data', 'engine', 'tiling'],
  store: ['core'],
  chemistry: ['core', 'metrics'],
  methods: ['core', 'metrics', 'chemistry', 'tiling'],
  scorers: ['core', 'metrics'],
  benchmarks: ['core', 'data', 'metrics', 'scorers', 'methods', 'chemistry'],
  training: ['core', 'data', 'engine'],
  report: ['core', 'metrics', 'store'],
  workbench: [
    'core',
    'data',
    'metrics',
    'scorers',
    'methods',
    'models',
    'store',
    'benchmarks',
    'engine',
    'training',
    'report',
    'tiling',
  ],
  server: ['core', 'data', 'metrics', 'methods', 'models', 'store', 'benchmarks', 'training', 'report', 'workbench'],
  cli: [
    'core',
    'data',
    'engine',
    'scorers',
    'methods',
    'models',
    'store',
    'benchmarks',
    'training',
    'report',
    'workbench',
    'server',
    'tiling',
  ],
};

/** Packages that a room may not reach past its charter: zod is all that the core needs. */
const packages: Record<string, readonly string[]> = { core: ['zod'] };

function roomOf(file: string): string {
  const [first = '', ...rest] = relative(source, file).split(sep);
  return rest.length === 0 ? '' : first;
}

const faults: string[] = [];
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(source, name));

for (const file of files) {
  const room = roomOf(file);
  if (room === '') continue; // src/index.ts shows the rooms to the world
  const text = readFileSync(file, 'utf8');
  const { module, errors } = parseSync(file, text);
  const at = (offset: number): string => `${relative(process.cwd(), file)}:${text.slice(0, offset).split('\n').length}`;
  for (const error of errors) faults.push(`${relative(process.cwd(), file)}: ${error.message}`);
  const rooms = allowed[room];
  if (rooms === undefined) {
    faults.push(`${at(0)}: the room "${room}" has no charter in scripts/check-layers.ts`);
    continue;
  }
  const imports = [
    ...module.staticImports.map((entry) => ({ name: entry.moduleRequest.value, start: entry.start })),
    ...module.staticExports.flatMap((entry) =>
      entry.entries.flatMap((item) =>
        item.moduleRequest ? [{ name: item.moduleRequest.value, start: entry.start }] : [],
      ),
    ),
    ...module.dynamicImports.flatMap((entry) => {
      const request = text.slice(entry.moduleRequest.start, entry.moduleRequest.end);
      const literal = /^['"](.*)['"]$/.exec(request)?.[1];
      return literal === undefined ? [] : [{ name: literal, start: entry.start }];
    }),
  ];
  for (const { name, start } of imports) {
    if (name.startsWith('.')) {
      const target = resolve(dirname(file), name);
      if (!target.startsWith(source)) {
        faults.push(`${at(start)}: imports ${name}, outside of src/`);
        continue;
      }
      const other = roomOf(target);
      if (other !== room && !rooms.includes(other)) {
        faults.push(`${at(start)}: ${room} may not import ${other === '' ? 'src/index.ts' : other}`);
      }
    } else if (!name.startsWith('node:')) {
      const own = packages[room];
      const isTest = file.endsWith('.test.ts');
      if (own !== undefined && !isTest && !own.includes(name)) {
        faults.push(`${at(start)}: ${room} may not import the package ${name}`);
      }
    }
  }
}

for (const fault of faults) console.error(fault);
console.log(`${files.length} files, ${faults.length} imports against the rooms' charters`);
process.exit(faults.length === 0 ? 0 : 1);
