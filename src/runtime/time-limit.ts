import { RuntimeError } from '../errors.js';
import { onAbort } from './abort.js';

/**
 * Makes a call that ends after `limitMs` or when `signal` aborts, whether or not it heeds the signal it is given.
 * Rejects with RuntimeError of kind `timeout`, with the signal's reason, or with what the call throws.
 */
export function withTimeLimit<T>(
  call: (signal: AbortSignal) => Promise<T>,
  limitMs: number,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let stopWatching = () => {};
    const settle = () => {
      clearTimeout(timer);
      stopWatching();
    };
    const drop = (reason: unknown) => {
      settle();
      reject(reason);
      controller.abort(reason);
    };
    const timer = setTimeout(() => {
      const message = `no answer within ${limitMs / 1000} s`;
      drop(new RuntimeError(message, { kind: 'timeout', retryable: true, hint: 'Raise the time limit of one call.' }));
    }, limitMs);
    stopWatching = onAbort(signal, () => drop(signal.reason));
    if (controller.signal.aborted) return;
    const started = async () => call(controller.signal);
    started().finally(settle).then(resolve, reject);
  });
}
