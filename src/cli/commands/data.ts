import { Command } from 'commander';
import { FettleError, usageError } from '../../core/index.ts';
import { printable } from '../console.ts';
import { contextOf } from '../context.ts';
import { makeCommand } from './data-make.ts';

export function dataCommand(): Command {
  const command = new Command('data').description('Data sets of benchmarks.');

  const pull = new Command('pull')
    .description('Fetch a benchmark’s data from its official host, verified, resumable.')
    .argument('<benchmark>', 'a benchmark’s name')
    .option('--from <address>', 'a mirror: takes the place of scheme and host')
    .option('--to <dir>', 'folder (default: where runs look for it)')
    .option('--force', 'fetch again');
  pull.action(async (name: string, options: { from?: string; to?: string; force?: boolean }) => {
    const context = contextOf(pull);
    const { loadBenchmark } = await import('../../benchmarks/index.ts');
    const { dataFolder, pullSource } = await import('../../data/index.ts');
    const { byteProgress } = await import('../byte-progress.ts');
    const benchmark = await loadBenchmark(name);
    if (benchmark.source === undefined) {
      throw usageError(`The benchmark "${name}" has no official host that Fettle knows.`, {
        hint: 'Give its data with --data.',
      });
    }
    const folder = options.to ?? dataFolder(name);
    context.note(`${benchmark.source.title} (${benchmark.source.license})`);
    const progress = byteProgress(name, undefined, context);
    const record = await pullSource(benchmark.source, folder, {
      baseOverride: options.from,
      force: options.force,
      onProgress: (state) => progress.update(state),
    }).finally(() => progress.end());
    if (context.json) context.printJson({ folder, ...record });
    else context.console.out(`${name}  ${folder}\n`);
  });

  const check = new Command('check')
    .description('Report every fault of a benchmark’s data, with file and line.')
    .argument('<benchmark>', 'a benchmark’s name')
    .option('--data <path>', 'folder, archive or file (default: what was pulled)');
  check.action(async (name: string, options: { data?: string }) => {
    const context = contextOf(check);
    const { loadBenchmark } = await import('../../benchmarks/index.ts');
    const { dataFolder } = await import('../../data/index.ts');
    const benchmark = await loadBenchmark(name);
    if (benchmark.check === undefined) throw usageError(`The benchmark "${name}" has no check of its data.`);
    const faults = await Array.fromAsync(benchmark.check(options.data ?? dataFolder(name)));
    const errors = faults.filter((fault) => fault.severity === 'error').length;
    if (context.json) context.printJson({ errors, warnings: faults.length - errors, faults });
    else {
      for (const { file, line, severity, message, hint } of faults) {
        const place = line === undefined ? file : `${file}:${line}`;
        context.console.out(
          `${printable(`${place}: ${severity}: ${message}${hint === undefined ? '' : ` (${hint})`}`)}\n`,
        );
      }
      context.console.out(`${errors} errors, ${faults.length - errors} warnings\n`);
    }
    if (errors > 0) {
      process.exitCode = 1;
      if (context.json) return;
      throw new FettleError(`The data has ${errors} errors.`, { code: 'data-faulty', where: options.data ?? name });
    }
  });
  return command.addCommand(pull).addCommand(check).addCommand(makeCommand());
}
