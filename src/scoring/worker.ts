import { errorMessage, JudgeError } from '../errors.js';
import { type ScoringJob, scoreBatch } from './batch.js';

/**
 * Entry of a scoring thread. Scores go back as JSON text: cloning objects of many small numbers takes several times as long.
 * An error loses its class and its fields on the way to another thread, so all that it says is put into its message.
 */
export default async function scoreInThread(job: ScoringJob): Promise<string[]> {
  try {
    const scores = await scoreBatch(job);
    return scores.map((score) => JSON.stringify(score));
  } catch (error) {
    throw new Error(error instanceof JudgeError ? error.describe() : errorMessage(error));
  }
}
