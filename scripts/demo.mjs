// `npm run demo`: from a bare clone to a table and a report, on a real model that runs on this machine.
import { join } from 'node:path';
import { installDependencies, must, node, root, say } from './setup.mjs';

const started = Date.now();
installDependencies();
say('Running the demonstration set of Shopping MMLU on SmolLM2-135M, on this machine.');
must(node, [
  join(root, 'bin', 'fettle.mjs'),
  'run',
  'shopping-mmlu',
  '--data',
  'demo',
  '--model',
  'local:smollm2-135m',
  '--out',
  'fettle-report.html',
  ...process.argv.slice(2),
]);
say(`Done in ${Math.round((Date.now() - started) / 1000)} s. Open fettle-report.html, or try: npx fettle show last`);
