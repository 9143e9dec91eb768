import type { Scorer } from './types.js';

/** The reserved id of the scorer that is the evaluation's judge. */
export const LLM_JUDGE = 'llm-judge';

/** The reserved id of the built-in deterministic judge. */
export const BASELINE = 'baseline';

/** The built-in scorers by id; each loads when it is first used. A new one is a file here and a line in this table. */
export const builtinScorers: Record<string, () => Promise<Scorer>> = {
  'exact-match': async () => (await import('./exact-match.js')).exactMatch,
  rouge: async () => (await import('./rouge.js')).rouge,
};

/** Those that look at what the model was given; to the others it is not sent. */
export const READ_VARIABLES: ReadonlySet<string> = new Set([BASELINE]);
