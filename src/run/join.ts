import type { Score } from '../scoring/types.js';
import type { GenerationRecord, RunRecord, SampleResult } from './types.js';

/** A sample of which some records are there and some are not yet. */
export interface PartialResult {
  generation?: GenerationRecord;
  scores: Record<string, Score>;
}

/**
 * Puts a run's records together into sample results. Records of a sample stand close to each other in the log, so what is
 * pending is bounded by the number of samples that were in flight at once.
 */
export interface ResultJoiner {
  /** The finished sample that this record completes, if it does. */
  add(record: RunRecord): SampleResult | undefined;
  /** What is left unfinished, by `recordKey`. */
  readonly pending: ReadonlyMap<string, PartialResult>;
}

/** @param scorers names of the scorers of each task id; a sample is finished when each has a score. */
export function createJoiner(scorers: ReadonlyMap<string, readonly string[]>): ResultJoiner {
  const pending = new Map<string, PartialResult>();
  return {
    pending,
    add(record) {
      if (record.stage === 'session') return undefined;
      const needed = scorers.get(record.task);
      if (needed === undefined) return undefined;
      const key = recordKey(record.task, record.id, record.epoch);
      const partial = pending.get(key) ?? { scores: {} };
      if (record.stage === 'generation') partial.generation = record;
      else Object.assign(partial.scores, record.scores);
      const { generation, scores } = partial;
      if (generation !== undefined && needed.every((name) => Object.hasOwn(scores, name))) {
        pending.delete(key);
        const { task, id, epoch } = record;
        return { task, id, epoch, generation, scores, group: generation.group ?? id };
      }
      pending.set(key, partial);
      return undefined;
    },
  };
}

/** One string for a sample's repeat; task ids hold no space. */
export function recordKey(task: string, id: string, epoch: number): string {
  return `${task} ${epoch} ${id}`;
}
