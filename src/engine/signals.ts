import type { Signals } from './caller.js';

/** Two ways to end: `stop` starts nothing new and lets calls in flight finish for a while, `abort` drops them. */
export interface RunSignals extends Signals {
  /** Ends the run at once because of this error. The first error is kept. */
  fail(error: unknown): void;
  /** What `fail` was called with. */
  readonly failure: { error: unknown } | undefined;
  /** Lets go of the caller's signal and of the timer. */
  dispose(): void;
}

/** @param graceMs milliseconds between the caller's signal and `abort`. */
export function createSignals(outer: AbortSignal | undefined, graceMs: number): RunSignals {
  const stop = new AbortController();
  const abort = new AbortController();
  let failure: { error: unknown } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const onOuter = (): void => {
    stop.abort(outer?.reason);
    if (graceMs > 0) timer = setTimeout(() => abort.abort(outer?.reason), graceMs);
    else abort.abort(outer?.reason);
  };
  if (outer?.aborted) onOuter();
  else outer?.addEventListener('abort', onOuter, { once: true });

  return {
    stop: stop.signal,
    abort: abort.signal,
    get failure() {
      return failure;
    },
    fail(error) {
      failure ??= { error };
      stop.abort(error);
      abort.abort(error);
    },
    dispose() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuter);
    },
  };
}
