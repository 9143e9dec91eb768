import type { Scorer } from './types.js';

/** Declares a scorer plugin; gives it its type and nothing else. */
export function defineScorer(scorer: Scorer): Scorer {
  return scorer;
}
