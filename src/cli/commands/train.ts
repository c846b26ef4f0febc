import { Command } from 'commander';
import { contextOf } from '../context.ts';
import { collect, decimal, list, wholeNumber } from '../parse-options.ts';
import type { TrainClipOptions, TrainCliperaseOptions } from '../train-options.ts';

/** Options that say what is trained on and where it runs. */
function addSharedOptions(command: Command): Command {
  return command
    .option('--data <path>', 'class folders, or captions with pictures; a folder, an archive or a file')
    .option('--form <name>', 'classes or captions, where the data holds both')
    .option('--config <file>', 'JSON file with every setting of the recipe; options of the command line win')
    .option(
      '--set <path=value>',
      'one setting of the recipe by its path, as cliperase.forgetting.form=margin; repeatable',
      collect,
    )
    .option('--out <dir>', 'folder of everything that is made (default: a folder of the store)')
    .option('--template <text>', 'text of a picture of a class; {} stands for the class (default: a photo of a {}.)')
    .option('--validation <share>', 'share of the training pictures for validation (default: 0.1)', decimal)
    .option('--device <name>', 'auto, cpu or cuda (default: auto)')
    .option('--precision <name>', 'auto, fp32 or bf16 (default: auto)')
    .option('--threads <n>', 'CPU threads of the engine', wholeNumber(1))
    .option('--parallel <n>', 'engine processes side by side (default: 1)', wholeNumber(1));
}

export function trainCommand(): Command {
  const command = new Command('train').description('Train or unlearn a model with a recipe, judged before and after.');

  const clip = new Command('clip').description(
    'Train a compact image-text model (CLIP) from scratch on pictures with classes or captions.',
  );
  addSharedOptions(clip)
    .option('--drawn', 'pictures drawn by Fettle instead of --data')
    .option('--architecture <name>', 'tiny or compact (default: compact)')
    .option('--epochs <n>', 'passes over the training pictures (default: 100)', decimal)
    .option('--batch <n>', 'pictures of a step (default: 256)', wholeNumber(2))
    .option('--learning-rate <x>', 'highest learning rate (default: 0.001)', decimal)
    .option('--seeds <list>', 'seeds, one model each (default: 0)', list)
    .option('--onnx', 'write ONNX files too, for `clip:FOLDER`');
  clip.action(async (options: TrainClipOptions) => {
    const { trainClipAction } = await import('../train-action.ts');
    await trainClipAction(options, contextOf(clip));
  });

  const cliperase = new Command('cliperase').description(
    'Unlearn concepts of an image-text model with CLIPErase, its ablation and baselines; judge every model; write the report.',
  );
  addSharedOptions(cliperase)
    .option('--demo', 'a small experiment on drawn pictures: train, unlearn one class, retrain without it, report')
    .option(
      '--model <name>',
      'checkpoint to unlearn from: a folder or hub/ORG/NAME; {seed} where each seed has its own (default: train one)',
    )
    .option(
      '--forget <rule>',
      'what to forget: classes=apple, superclasses=…, words=dog, ids=FILE; each --forget is a concept of its own',
      collect,
    )
    .option('--seeds <list>', 'seeds of the experiment (default: 0)', list)
    .option(
      '--arms <list>',
      'f, f+r, f+r+c, gradient-ascent, gradient-difference, random-labels, retain-only, retrained (default: all)',
      list,
    )
    .option(
      '--sweep <module=weights>',
      'loss weights to try beside: forgetting=1,3,10, retention=… or consistency=…; the report draws forgetting against utility; repeatable',
      collect,
    )
    .option('--steps <n>', 'steps of each unlearning job (default: 300)', wholeNumber(1))
    .option('--learning-rate <x>', 'learning rate of unlearning (default: 0.0001)', decimal)
    .option('--epochs <n>', 'passes of training where the original is trained here (default: 100)', decimal)
    .option('--architecture <name>', 'tiny or compact, where the original is trained here (default: compact)')
    .option('--synonym <class=word,word>', 'other words for a class, tried as its name; repeatable', collect)
    .option('--keep-models', 'keep the weights of every arm, not of the method alone')
    .option('--onnx', 'write ONNX files of the unlearned models too, for `clip:FOLDER`');
  cliperase.action(async (options: TrainCliperaseOptions) => {
    const { trainCliperaseAction } = await import('../train-action.ts');
    await trainCliperaseAction(options, contextOf(cliperase));
  });
  return command.addCommand(clip).addCommand(cliperase);
}
