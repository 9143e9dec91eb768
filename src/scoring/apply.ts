import { errorMessage } from '../errors.js';
import type { Score, Scorer, ScoringContext, ScoringInput } from './types.js';

/**
 * One score from one scorer, whatever the scorer does: an exception or a number that is none becomes *unscored* with its
 * reason. Only an abort gets through.
 */
export async function applyScorer(scorer: Scorer, input: ScoringInput, context: ScoringContext): Promise<Score> {
  try {
    return checked(await scorer.score(input, context));
  } catch (error) {
    if (context.signal.aborted) throw error;
    return { value: null, reason: `scorer failed: ${errorMessage(error)}` };
  }
}

function checked(score: Score): Score {
  if (typeof score !== 'object' || score === null || !('value' in score)) {
    return { value: null, reason: 'scorer returned no score object' };
  }
  if (score.value === null) {
    return { ...score, reason: score.reason || 'no reason given' };
  }
  const wrong = Object.entries({ value: score.value, ...score.metrics }).find(([, value]) => !Number.isFinite(value));
  if (wrong) return { value: null, reason: `scorer returned ${wrong[0]} = ${String(wrong[1])}` };
  return score;
}
