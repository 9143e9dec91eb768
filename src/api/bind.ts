import { join } from 'node:path';
import type { ProgressEvent } from '../engine/events.js';
import type { PipelineTask } from '../engine/pipeline.js';
import type { RunSignals } from '../engine/signals.js';
import type { JsonObject } from '../json.js';
import { openCache } from '../run/cache.js';
import type { Executor, ModelInfo } from '../runtime/types.js';
import type { PooledUse } from '../scoring/batch.js';
import { BASELINE } from '../scoring/builtins.js';
import { generationSettings } from './manifest.js';
import { assessWith, type Opened, openSource } from './open.js';
import type { EvaluateOptions } from './options.js';
import type { Prepared, PreparedTask, RuntimeSource } from './prepare.js';

/** The tasks with everything that runs them, opened. */
export interface Bound {
  tasks: PipelineTask[];
  /** Most calls in flight. */
  callsInFlight: number;
  runtimeInfo: ModelInfo;
  judgeInfo?: ModelInfo;
  /** By task id, where each task replays its own outputs. */
  outputs: Map<string, ModelInfo>;
  close(): Promise<void>;
}

export async function bindTasks(
  prepared: Prepared,
  options: EvaluateOptions,
  signals: RunSignals,
  emit: (event: ProgressEvent) => void,
): Promise<Bound> {
  const executors: Executor[] = [];
  const shared = {
    signals,
    emit,
    retries: options.retries,
    timeoutMs: options.timeoutMs,
    cache: options.cache === false ? undefined : openCache(join(prepared.cwd, '.judge', 'cache')),
    // What is done again because it failed must not come from the cache again.
    readCache: options.retryErrors !== true,
  };
  async function open(source: RuntimeSource, what: 'generation' | 'judge', concurrency?: number): Promise<Opened> {
    const opened = await openSource(source, { ...shared, what, concurrency });
    executors.push(opened.executor);
    return opened;
  }
  const close = async (): Promise<void> => {
    await Promise.allSettled(executors.map((executor) => executor.close()));
  };

  try {
    const candidate = prepared.runtime && (await open(prepared.runtime, 'generation', options.maxConcurrency));
    const judge = prepared.judge && (await open(prepared.judge, 'judge', options.judgeConcurrency));
    const outputs = new Map<string, ModelInfo>();
    const tasks: PipelineTask[] = [];
    let generating = candidate?.concurrency ?? 0;
    for (const item of prepared.tasks) {
      const opened = candidate ?? (await open(item.source, 'generation', options.maxConcurrency));
      if (!candidate) outputs.set(item.task.id, opened.executor.describe());
      generating = Math.max(generating, opened.concurrency);
      tasks.push(bindTask(item, opened, judge, prepared, options));
      await loadScorers(item);
    }
    return {
      tasks,
      callsInFlight: generating + (judge?.concurrency ?? 0),
      runtimeInfo: candidate?.executor.describe() ?? commonInfo([...outputs.values()]),
      judgeInfo: judge?.executor.describe(),
      outputs,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Scorers of plugins run in this thread; built-in ones load in the thread that scores. */
async function loadScorers({ task, scorers }: PreparedTask): Promise<void> {
  for (const { scorer, builtin, options } of scorers) {
    if (!builtin) await scorer?.load?.({ options, language: task.language });
  }
}

function bindTask(
  { task, rubric, scorers, source }: PreparedTask,
  candidate: Opened,
  judge: Opened | undefined,
  prepared: Prepared,
  options: EvaluateOptions,
): PipelineTask {
  const judged = scorers.find(({ kind }) => kind === 'judge');
  const uses = scorers.flatMap((use): PooledUse[] => {
    const { name, kind, scorer, builtin, options } = use;
    if (scorer) return builtin ? [{ name, scorer: scorer.id, options }] : [];
    const baseline = kind === 'baseline' || !judge;
    return baseline ? [{ name, scorer: BASELINE, options: { rubric: rubric as unknown as JsonObject } }] : [];
  });
  return {
    task,
    generate: candidate.call,
    free: source.runtime.capabilities.free === true,
    settings: generationSettings(options),
    pooled: { uses, language: task.language },
    direct: scorers.flatMap(({ name, scorer, builtin, options }) =>
      !builtin && scorer ? [{ name, scorer, options }] : [],
    ),
    ...(judged && rubric && judge && prepared.judge
      ? {
          judge: {
            name: judged.name,
            assess: assessWith(judge, prepared.judge, rubric, task.language, judged.options),
          },
        }
      : {}),
  };
}

/** What all recorded outputs have in common, for the run's one line about its model. */
function commonInfo(infos: readonly ModelInfo[]): ModelInfo {
  const [first, ...rest] = infos;
  const common = Object.entries(first ?? {}).filter(([name, value]) => rest.every((info) => info[name] === value));
  return { model: 'recorded outputs', ...Object.fromEntries(common) };
}
