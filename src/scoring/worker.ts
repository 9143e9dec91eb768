import { type ScoringJob, scoreBatch } from './batch.js';

/** Entry of a scoring thread. Scores go back as JSON text: cloning objects of many small numbers takes several times as long. */
export default async function scoreInThread(job: ScoringJob): Promise<string[]> {
  const scores = await scoreBatch(job);
  return scores.map((score) => JSON.stringify(score));
}
