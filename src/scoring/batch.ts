import type { JsonObject } from '../json.js';
import type { Rubric } from '../rubric/types.js';
import { applyScorer } from './apply.js';
import { BASELINE, builtinScorers } from './builtins.js';
import type { Score, Scorer, ScoringContext, ScoringInput } from './types.js';

/** A built-in scorer as one task uses it; plain data, so that it can cross to another thread. */
export interface PooledUse {
  name: string;
  /** Id of a built-in scorer, or `baseline`, whose options are `{ rubric }`. */
  scorer: string;
  options: JsonObject;
}

export interface ScoringJob {
  uses: PooledUse[];
  language: string;
  inputs: ScoringInput[];
}

/** Scores each input with each use; the result is in the order of `inputs`, by use name. */
export async function scoreBatch(job: ScoringJob): Promise<Record<string, Score>[]> {
  const signal = new AbortController().signal;
  const scorers = await Promise.all(job.uses.map((use) => scorerFor(use, job.language)));
  const results: Record<string, Score>[] = [];
  for (const input of job.inputs) {
    const scores: Record<string, Score> = {};
    for (const [index, use] of job.uses.entries()) {
      const context: ScoringContext = { options: use.options, language: job.language, signal };
      scores[use.name] = await applyScorer(scorers[index]!, input, context);
    }
    results.push(scores);
  }
  return results;
}

async function scorerFor(use: PooledUse, language: string): Promise<Scorer> {
  if (use.scorer === BASELINE) {
    const { createBaselineJudge } = await import('./judge/baseline.js');
    const judge = createBaselineJudge(use.options['rubric'] as unknown as Rubric);
    return { id: BASELINE, score: (input) => judge.assess(input) };
  }
  const scorer = await builtinScorers[use.scorer]!();
  await scorer.load?.({ options: use.options, language });
  return scorer;
}
