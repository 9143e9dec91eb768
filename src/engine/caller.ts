import { cacheKey, type GenerationCache } from '../run/cache.js';
import { withTimeLimit } from '../runtime/time-limit.js';
import type { Executor, GenerateRequest, Generation, RuntimeSpec } from '../runtime/types.js';
import type { Limiter } from './limiter.js';
import { type RetryNotice, withRetries } from './retry.js';

/** What came back, and what it took. */
export interface Answer {
  generation: Generation;
  /** Calls made for it; 0 when it came from the cache. */
  attempts: number;
  cached: boolean;
  /** Puts the generation into the cache. The caller decides which answers are worth keeping. */
  keep(): Promise<void>;
}

export interface CallerOptions {
  executor: Executor;
  spec: RuntimeSpec;
  limiter: Limiter;
  /** Absent: every request is made. */
  cache?: GenerationCache;
  /** False: answers are only put into the cache. */
  readCache: boolean;
  retries: number;
  /** Most milliseconds for one attempt, whatever the executor does. */
  timeLimitMs: number;
  onRetry(notice: RetryNotice, request: GenerateRequest): void;
}

/** `stop`: start nothing new. `abort`: drop what is in flight. `abort` never fires before `stop`. */
export interface Signals {
  stop: AbortSignal;
  abort: AbortSignal;
}

export type Caller = (request: GenerateRequest, signals: Signals) => Promise<Answer>;

/** For executors whose answers cost nothing: nothing to limit, to try again or to keep. Throws RuntimeError. */
export function createDirectCaller(executor: Executor): Caller {
  return async (request, signals) => {
    signals.stop.throwIfAborted();
    const generation = await executor.generate(request, signals.abort);
    return { generation, attempts: 1, cached: false, keep: nothing };
  };
}

/** One way to call any executor: cache, bounded concurrency, time limit, one retry policy. Throws RuntimeError. */
export function createCaller(options: CallerOptions): Caller {
  const { executor, spec, limiter, cache } = options;
  const { endpoint } = executor.describe();
  return async (request, signals) => {
    const key = cache ? cacheKey(spec, endpoint, request) : undefined;
    if (cache && key !== undefined && options.readCache) {
      const generation = await cache.get(key);
      if (generation) return { generation, attempts: 0, cached: true, keep: nothing };
    }
    const { value, attempts } = await withRetries(
      // Waiting for a place or for the next attempt ends with `stop`; a call that is under way goes on until `abort`.
      () => withTimeLimit((limited) => executor.generate(request, limited), options.timeLimitMs, signals.abort),
      {
        retries: options.retries,
        signal: signals.stop,
        limiter,
        onRetry: (notice) => options.onRetry(notice, request),
      },
    );
    const keep = cache && key !== undefined ? () => cache.put(key, value) : nothing;
    return { generation: value, attempts, cached: false, keep };
  };
}

async function nothing(): Promise<void> {}
