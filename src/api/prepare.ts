import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { RuntimeError, UsageError } from '../errors.js';
import type { JsonObject } from '../json.js';
import { createRegistry, type Registry } from '../plugin/registry.js';
import type { Rubric } from '../rubric/types.js';
import { parseRuntimeSpec } from '../runtime/spec.js';
import type { Runtime, RuntimeSpec } from '../runtime/types.js';
import { BASELINE, LLM_JUDGE } from '../scoring/builtins.js';
import type { Scorer } from '../scoring/types.js';
import type { DatasetSummary, ScorerUse, Task, TaskDefinition } from '../task/types.js';
import { builtins } from './builtins.js';
import type { EvaluateOptions, PluginSources, RuntimeInput } from './options.js';

/** A task of this evaluation with all that was checked before anything runs. */
export interface PreparedTask {
  task: Task;
  dataset: DatasetSummary;
  rubric?: Rubric;
  /** In the task's order. */
  scorers: PreparedScorer[];
  /** Samples to run times repeats. */
  planned: number;
  /** What generates its answers. */
  source: RuntimeSource;
}

export interface PreparedScorer {
  name: string;
  /** `judge`: the evaluation's judge. `baseline`: the built-in judge, by name. Both grade by the task's rubric. */
  kind: 'judge' | 'baseline' | 'scorer';
  /** Present for the kind `scorer`. */
  scorer?: Scorer;
  /** Can run in a scoring thread; scorers that came with plugins cannot cross. */
  builtin: boolean;
  options: JsonObject;
}

export interface RuntimeSource {
  runtime: Runtime;
  spec: RuntimeSpec;
}

export interface Prepared {
  registry: Registry;
  tasks: PreparedTask[];
  /** Undefined when each task replays its own recorded outputs. */
  runtime?: RuntimeSource;
  /** Undefined: the baseline. */
  judge?: RuntimeSource;
  repeat: number;
  cwd: string;
  runsDirectory: string;
  /** Threads for scoring; 0 for small evaluations, which are faster without. */
  scoringThreads: number;
}

/** Below this many samples starting threads costs more than it saves. */
const THREADS_FROM_SAMPLES = 500;

export async function openRegistry(sources: PluginSources, tasks: readonly TaskDefinition[] = []): Promise<Registry> {
  const define = { ...sources.define, tasks: [...(sources.define?.tasks ?? []), ...tasks] };
  return createRegistry({ cwd: resolve(sources.cwd ?? '.'), plugins: sources.plugins, define, builtins });
}

export function runsDirectoryOf({ cwd = '.', runsDirectory = join('.judge', 'runs') }: EvaluateOptions): string {
  return resolve(cwd, runsDirectory);
}

/**
 * Finds and checks everything that an evaluation needs, and runs nothing: tasks, rubrics, datasets, runtimes.
 * Throws UsageError, PluginError, DatasetError, RuntimeError (kind `setup`).
 */
export async function prepare(options: EvaluateOptions): Promise<Prepared> {
  checkCounts(options);
  const inline = (options.tasks ?? []).filter((task) => typeof task !== 'string');
  const registry = await openRegistry(options, inline);
  const selected = await registry.tasks({
    ids: options.tasks?.map((task) => (typeof task === 'string' ? task : task.id)),
    rubric: options.rubric,
    category: options.category,
  });
  const cwd = resolve(options.cwd ?? '.');
  const runtime = await candidateSource(options, registry, cwd);
  const judgeInput = options.judge ?? 'baseline';
  const judge = judgeInput === 'baseline' ? undefined : await runtimeSource(judgeInput, registry, cwd);
  const repeat = options.repeat ?? 1;
  const tasks = await Promise.all(
    selected.map(async (task): Promise<PreparedTask> => {
      const dataset = await task.dataset.check(task.variables);
      const samples = Math.min(dataset.samples, options.limit ?? Number.POSITIVE_INFINITY);
      return {
        task,
        dataset,
        rubric: task.rubric === undefined ? undefined : await registry.rubricOf(task),
        scorers: await Promise.all(task.scorers.map((use) => prepareScorer(use, registry))),
        planned: samples * repeat,
        source: runtime ?? (await recordedSource(task, registry)),
      };
    }),
  );
  const planned = tasks.reduce((sum, task) => sum + task.planned, 0);
  return {
    registry,
    tasks,
    runtime,
    judge,
    repeat,
    cwd,
    runsDirectory: runsDirectoryOf(options),
    scoringThreads: planned < THREADS_FROM_SAMPLES ? 0 : Math.max(1, cpus().length - 1),
  };
}

async function prepareScorer({ name, scorer, options }: ScorerUse, registry: Registry): Promise<PreparedScorer> {
  if (scorer === LLM_JUDGE) return { name, kind: 'judge', builtin: false, options };
  if (scorer === BASELINE) return { name, kind: 'baseline', builtin: true, options };
  if (typeof scorer !== 'string') return { name, kind: 'scorer', scorer, builtin: false, options };
  const builtin = Object.hasOwn(builtins.scorers, scorer);
  return { name, kind: 'scorer', scorer: await registry.scorer(scorer), builtin, options };
}

function checkCounts(options: EvaluateOptions): void {
  for (const name of ['limit', 'repeat', 'maxConcurrency', 'judgeConcurrency', 'maxTokens'] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      throw new UsageError(`${name} must be a whole number of at least 1, not ${value}`);
    }
  }
  if (options.runtime !== undefined && options.outputs !== undefined) {
    throw new UsageError('a runtime and recorded outputs exclude each other', {
      hint: 'Name a runtime to run a model, or outputs to score what one wrote before.',
    });
  }
}

async function candidateSource(
  { runtime, outputs }: EvaluateOptions,
  registry: Registry,
  cwd: string,
): Promise<RuntimeSource | undefined> {
  if (outputs !== undefined) return runtimeSource({ use: 'replay', outputs: resolve(cwd, outputs) }, registry, cwd);
  return runtime === undefined ? undefined : runtimeSource(runtime, registry, cwd);
}

export async function runtimeSource(input: RuntimeInput, registry: Registry, cwd: string): Promise<RuntimeSource> {
  const spec = parseRuntimeSpec(input);
  if (spec.runtime === 'replay' && typeof spec.options['outputs'] === 'string') {
    spec.options = { ...spec.options, outputs: resolve(cwd, spec.options['outputs']) };
  }
  return { runtime: await registry.runtime(spec.runtime), spec };
}

async function recordedSource(task: Task, registry: Registry): Promise<RuntimeSource> {
  if (task.recorded === undefined) {
    throw new RuntimeError(`no runtime is named, and task ${task.id} has no recorded outputs to score`, {
      kind: 'setup',
      location: { file: task.file },
      hint: 'Name a model: --runtime openai:MODEL --base-url URL; or recorded outputs: --outputs FILE.',
    });
  }
  return runtimeSource({ use: 'replay', outputs: task.recorded }, registry, '.');
}
