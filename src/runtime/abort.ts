/** One listener a signal, however many wait for it: an EventTarget's own list is searched end to end at each change. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `work` once when `signal` aborts; at once if it has. Returns the function that calls it off. Cheap enough for
 * each of many thousand calls that share a run's signal.
 */
export function onAbort(signal: AbortSignal, work: () => void): () => void {
  if (signal.aborted) {
    work();
    return () => {};
  }
  const set = waiting.get(signal) ?? listen(signal);
  // A function of its own for each call, so that the same `work` may wait twice.
  const entry = () => work();
  set.add(entry);
  return () => void set.delete(entry);
}

function listen(signal: AbortSignal): Set<() => void> {
  const set = new Set<() => void>();
  waiting.set(signal, set);
  const fire = () => {
    for (const entry of set) {
      set.delete(entry);
      entry();
    }
  };
  signal.addEventListener('abort', fire, { once: true });
  return set;
}
