import { Command, InvalidArgumentError, Option } from 'commander';
import { packageVersion } from '../package.js';
import type { ExitCode, Io } from './io.js';

type Done = (code: ExitCode) => void;

const EXAMPLES = `
Examples:
  judge --rubric summarization                   score the recorded outputs of all tasks with this rubric
  judge --task meeting-summary --runtime openai:MODEL --base-url URL --judge openai:MODEL --judge-base-url URL
  judge --task meeting-summary --outputs FILE    score what a model wrote before
  judge init task NAME                           start a task of your own
  judge run --help                               all options of a run`;

/** The command line. Each command's code is loaded when it is the one that runs. */
export function createProgram(io: Io, done: Done): Command {
  const program = new Command('judge')
    .description('Scores what language models write: tasks, rubrics, judges, with an interval on every number.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
    })
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(judge --help lists commands and options)')
    .exitOverride();
  addRun(program, io, done);
  addCatalog(program, io, done);
  addAuthoring(program, io, done);
  return program;
}

function addRun(program: Command, io: Io, done: Done): void {
  program
    .command('run', { isDefault: true })
    .description('run tasks and score the answers (the default command)')
    .optionsGroup('What to run:')
    .option('--rubric <id>', 'tasks that are judged by this rubric')
    .option('--task <id>', 'this task; repeat for several', collect)
    .option('--category <name>', 'tasks of this category')
    .option('--plugin <path>', 'folder, file or npm package with plugins; repeat for several', collect)
    .option('-n, --limit <count>', 'most samples of each task', count)
    .option('--repeat <count>', 'ask each sample this often', count)
    .optionsGroup('The model under test (default: each task’s recorded outputs):')
    .option('--runtime <id:model>', 'e.g. openai:qwen2.5-3b, langchain:anthropic:MODEL')
    .option('--base-url <url>', 'address of an OpenAI-compatible server')
    .option('--runtime-option <name=value>', 'any other option of the runtime; repeat for several', collect)
    .option('--outputs <file>', 'score recorded outputs: JSON Lines with "id" and "output"')
    .option('--temperature <number>', 'sampling temperature', number)
    .option('--max-tokens <count>', 'most tokens of an answer', count)
    .option('--seed <number>', 'of the first repeat; the n-th uses seed + n - 1', integer)
    .optionsGroup('The judge (default: the built-in baseline, which is no language model):')
    .option('--judge <id:model>', 'e.g. openai:gpt-4o, or baseline')
    .option('--judge-base-url <url>', 'address of an OpenAI-compatible server')
    .option('--judge-option <name=value>', 'any other option of its runtime; repeat for several', collect)
    .optionsGroup('How to run:')
    .option('-j, --max-concurrency <count>', 'calls to the runtime at once', count)
    .option('--judge-concurrency <count>', 'calls to the judge at once', count)
    .option('--retries <count>', 'further attempts after a failed call', natural)
    .option('--timeout <seconds>', 'most time for one call', seconds)
    .option('--no-cache', 'make every call anew')
    .option('--resume [run]', 'go on with a run (default: the newest unfinished one)')
    .option('--retry-errors', 'with --resume: do failed and unscored samples again')
    .option('--dry-run', 'show what would run, and run nothing')
    .option('--runs-dir <folder>', 'where runs are kept (default: .judge/runs)')
    .option('-c, --config <file>', 'configuration (default: judge.config.* here)')
    .optionsGroup('What comes out:')
    .option('-o, --output <file>', 'write results: .json .jsonl .csv .md .xml (JUnit); repeat for several', collect)
    .option('--json', 'print one JSON document and nothing else')
    .option('--threshold <[metric=]number>', 'fail (exit 100) below this mean; repeat for several', collect)
    .option('--fail-on-unscored', 'fail (exit 100) if any sample is unscored')
    .option('--no-progress', 'show no progress')
    .addOption(new Option('--debug', 'show stack traces'))
    .action(async (flags) => {
      const { run } = await import('./commands/run.js');
      done(await run(flags, io));
    });
}

function addCatalog(program: Command, io: Io, done: Done): void {
  program
    .command('list')
    .description('list tasks, rubrics, scorers and runtimes')
    .argument('[kind]', 'tasks, rubrics, scorers or runtimes')
    .option('--plugin <path>', 'folder, file or npm package with plugins; repeat for several', collect)
    .option('--json', 'print one JSON document')
    .option('-c, --config <file>', 'configuration (default: judge.config.* here)')
    .action(async (kind, flags) => {
      const { list } = await import('./commands/list.js');
      done(await list(kind, flags, io));
    });
  program
    .command('show')
    .description('show one task, rubric, scorer or runtime')
    .argument('<id>')
    .option('--plugin <path>', 'folder, file or npm package with plugins; repeat for several', collect)
    .option('--json', 'print one JSON document')
    .option('-c, --config <file>', 'configuration (default: judge.config.* here)')
    .action(async (id, flags) => {
      const { show } = await import('./commands/show.js');
      done(await show(id, flags, io));
    });
}

function addAuthoring(program: Command, io: Io, done: Done): void {
  program
    .command('validate')
    .description('check a task, rubric, dataset, configuration or project')
    .argument('<path...>')
    .option('--json', 'print one JSON document')
    .action(async (paths, flags) => {
      const { validate } = await import('./commands/validate.js');
      done(await validate(paths, flags, io));
    });
  program
    .command('init')
    .description('start a task, a rubric or a project of your own')
    .argument('<kind>', 'task, rubric or project')
    .argument('<name>', 'lower-case letters, digits and hyphens')
    .action(async (kind, name) => {
      const { init } = await import('./commands/init.js');
      done(await init(kind, name, io));
    });
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function integer(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function natural(text: string): number {
  const value = integer(text);
  if (value < 0) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return value;
}

function count(text: string): number {
  const value = integer(text);
  if (value < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
}

function seconds(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError('It must be more than 0 seconds.');
  return value;
}
