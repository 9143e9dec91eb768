import type { Runtime } from '../runtime/types.js';
import { builtinScorers } from '../scoring/builtins.js';

/** The built-in runtimes by id; each loads when it is first used. */
const builtinRuntimes: Record<string, () => Promise<Runtime>> = {
  replay: async () => (await import('../../runtimes/replay/index.js')).default,
  openai: async () => (await import('../../runtimes/openai/index.js')).default,
  langchain: async () => (await import('../../runtimes/langchain/index.js')).default,
};

export const builtins = { scorers: builtinScorers, runtimes: builtinRuntimes };
