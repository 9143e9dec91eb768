import { RunError } from '../errors.js';
import type { JsonObject } from '../json.js';
import { packageVersion } from '../package.js';
import type { JudgeManifest, Manifest, TaskManifest } from '../run/types.js';
import type { ModelInfo } from '../runtime/types.js';
import type { EvaluateOptions, StoredRequest } from './options.js';
import type { Prepared, PreparedTask } from './prepare.js';

export interface ManifestInput {
  id: string;
  prepared: Prepared;
  options: EvaluateOptions;
  request: StoredRequest;
  runtimeInfo: ModelInfo;
  judgeInfo?: ModelInfo;
  /** By task id, where each task replays its own outputs. */
  outputs: ReadonlyMap<string, ModelInfo>;
}

export function createManifest(input: ManifestInput): Manifest {
  const { prepared, options } = input;
  const { runtime, judge } = prepared;
  const judgeManifest: JudgeManifest = judge
    ? { kind: 'model', ...judge.spec, info: input.judgeInfo! }
    : { kind: 'baseline' };
  return {
    version: 1,
    id: input.id,
    createdAt: new Date().toISOString(),
    judgekit: packageVersion(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    ...(options.commandLine ? { commandLine: [...options.commandLine] } : {}),
    tasks: prepared.tasks.map((task) => taskManifest(task, input.outputs.get(task.task.id))),
    runtime: { ...(runtime?.spec ?? { runtime: 'replay', options: {} }), info: input.runtimeInfo },
    judge: judgeManifest,
    repeat: prepared.repeat,
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    generation: generationSettings(options),
    request: input.request as JsonObject,
  };
}

/** The parameters that hold for every task, over a task's own. */
export function generationSettings(options: EvaluateOptions): {
  temperature?: number;
  maxTokens?: number;
  seed?: number;
} {
  const { temperature, maxTokens, seed } = options;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function taskManifest(prepared: PreparedTask, outputs: ModelInfo | undefined): TaskManifest {
  const { task, dataset, rubric, planned } = prepared;
  const ranges = Object.fromEntries(
    prepared.scorers.flatMap(({ name, scorer }): [string, [number, number]][] => {
      if (!scorer && rubric) {
        const { min, max, multiply } = rubric.scale;
        return [[name, [min * multiply, max * multiply]]];
      }
      return scorer?.range ? [[name, [...scorer.range]]] : [];
    }),
  );
  return {
    id: task.id,
    title: task.title,
    ...(task.category === undefined ? {} : { category: task.category }),
    language: task.language,
    hash: task.hash,
    dataset: { file: task.dataset.file, hash: dataset.hash, samples: dataset.samples },
    ...(rubric
      ? {
          rubric: {
            id: rubric.id,
            title: rubric.title,
            hash: rubric.hash,
            dimensions: rubric.dimensions.map(({ id, title }) => ({ id, title })),
          },
        }
      : {}),
    scorers: task.scorers.map((use) => use.name),
    ranges,
    primary: task.primary,
    planned,
    ...(outputs ? { outputs } : {}),
  };
}

/** A run goes on only with what it began with. Throws RunError naming all that differs. */
export function checkSameRun(manifest: Manifest, prepared: Prepared, directory: string): void {
  const now = new Map(prepared.tasks.map((task) => [task.task.id, taskManifest(task, undefined)]));
  const differences = manifest.tasks.flatMap((before): string[] => {
    const after = now.get(before.id);
    if (after === undefined) return [`task ${before.id} is no longer selected`];
    return [
      before.hash === after.hash ? [] : [`task ${before.id} has changed`],
      before.dataset.hash === after.dataset.hash ? [] : [`the dataset of ${before.id} has changed`],
      before.rubric?.hash === after.rubric?.hash ? [] : [`rubric ${before.rubric?.id} has changed`],
      before.planned === after.planned
        ? []
        : [`${before.id} would run ${after.planned} samples, not ${before.planned}`],
    ].flat();
  });
  const added = [...now.keys()].filter((id) => !manifest.tasks.some((task) => task.id === id));
  differences.push(...added.map((id) => `task ${id} is new`));
  if (named(manifest.runtime) !== named(prepared.runtime?.spec ?? { runtime: 'replay', options: {} })) {
    differences.push(`the runtime was ${named(manifest.runtime)}`);
  }
  const judge = manifest.judge.kind === 'model' ? named(manifest.judge) : 'baseline';
  if (judge !== (prepared.judge ? named(prepared.judge.spec) : 'baseline')) differences.push(`the judge was ${judge}`);
  if (differences.length > 0) {
    throw new RunError(`the run cannot go on, because what it began with is different now: ${differences.join('; ')}`, {
      location: { file: directory },
      hint: 'Undo the change, or start a new run.',
    });
  }
}

function named({ runtime, options }: { runtime: string; options: JsonObject }): string {
  const model = options['model'];
  return typeof model === 'string' ? `${runtime}:${model}` : runtime;
}
