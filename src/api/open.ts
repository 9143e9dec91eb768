import { type Answer, type Caller, createCaller, createDirectCaller } from '../engine/caller.js';
import type { ProgressEvent } from '../engine/events.js';
import { createLimiter } from '../engine/limiter.js';
import type { Assess } from '../engine/pipeline.js';
import type { RunSignals } from '../engine/signals.js';
import { RuntimeError } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { Rubric } from '../rubric/types.js';
import type { GenerationCache } from '../run/cache.js';
import { openRuntime } from '../runtime/spec.js';
import type { Executor, Runtime, RuntimeSpec } from '../runtime/types.js';
import { createModelJudge } from '../scoring/judge/model-judge.js';
import type { RuntimeSource } from './prepare.js';

const DEFAULT_CONCURRENCY = 8;
const DEFAULT_RETRIES = 5;
const DEFAULT_TIME_LIMIT_MS = 300_000;

export interface OpenSettings {
  what: 'generation' | 'judge';
  signals: RunSignals;
  concurrency?: number;
  retries?: number;
  timeoutMs?: number;
  cache?: GenerationCache;
  /** False: answers are only put into the cache. */
  readCache: boolean;
  emit(event: ProgressEvent): void;
}

/** An executor with the one way to call it. */
export interface Opened {
  executor: Executor;
  call: Caller;
  /** Most calls in flight. */
  concurrency: number;
}

export async function openSource({ runtime, spec }: RuntimeSource, settings: OpenSettings): Promise<Opened> {
  const { what, signals, emit } = settings;
  const executor = await openRuntime(runtime, optionsOf(runtime, spec, settings), signals.abort);
  const concurrency = settings.concurrency ?? runtime.concurrency ?? DEFAULT_CONCURRENCY;
  if (runtime.capabilities.free) return { executor, call: createDirectCaller(executor), concurrency };
  const call = createCaller({
    executor,
    spec,
    limiter: createLimiter(concurrency, { onLimit: (limit) => emit({ type: 'limit', what, limit }) }),
    cache: settings.cache,
    readCache: settings.readCache,
    retries: settings.retries ?? DEFAULT_RETRIES,
    timeLimitMs: settings.timeoutMs ?? DEFAULT_TIME_LIMIT_MS,
    onRetry: ({ attempt, waitMs, reason }, { sample }) =>
      emit({ type: 'retry', what, task: sample.task, id: sample.id, attempt, waitMs, reason }),
  });
  return { executor, call: endsRunWhenRefused(call, signals), concurrency };
}

/** A runtime that has a time limit of its own follows the evaluation's, unless its options say otherwise. */
function optionsOf(runtime: Runtime, spec: RuntimeSpec, { timeoutMs }: OpenSettings): JsonObject {
  const known = Object.keys((runtime.options.properties ?? {}) as JsonObject);
  return timeoutMs !== undefined && known.includes('timeoutMs') ? { timeoutMs, ...spec.options } : spec.options;
}

/** A model that grades by a rubric. `settings` are the task's options for `llm-judge`. */
export function assessWith(
  judge: Opened,
  source: RuntimeSource,
  rubric: Rubric,
  language: string,
  settings: JsonObject,
): Assess {
  const jsonSchema = source.runtime.capabilities.jsonSchema === true;
  return (input, prompt, signals) => {
    const sample = { task: input.task, id: input.sample.id, epoch: input.epoch };
    const model = createModelJudge({
      ...settings,
      rubric,
      jsonSchema,
      ask: (request) => judge.call({ ...request, sample }, signals),
    });
    return model.assess({ ...input, prompt, language }, signals.abort);
  };
}

/**
 * Lets an error that every further call would meet end the run: a key that is refused, a model that is not there, a server
 * that has never answered. Nothing is recorded for the sample, so the run can be resumed once it is put right.
 */
function endsRunWhenRefused(call: Caller, signals: RunSignals): Caller {
  let answered = false;
  return async (request, callSignals): Promise<Answer> => {
    try {
      const answer = await call(request, callSignals);
      answered = true;
      return answer;
    } catch (error) {
      if (error instanceof RuntimeError && !signals.stop.aborted) {
        const refused = error.status === 401 || error.status === 403 || error.status === 404;
        if (refused || error.kind === 'setup' || (error.kind === 'network' && !answered)) signals.fail(error);
      }
      throw error;
    }
  };
}
