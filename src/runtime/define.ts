import type { Runtime } from './types.js';

/** Declares a runtime plugin; gives it its type and nothing else. */
export function defineRuntime(runtime: Runtime): Runtime {
  return runtime;
}
