import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KeyTable } from '../io/key-table.js';
import { RECORDS_FILE } from './directory.js';
import { type PartialResult, recordKey } from './join.js';
import { cutTornLine, openRecordLog } from './log.js';
import { joinerFor, readRecords } from './read.js';
import type { Manifest, RunRecord, SampleResult } from './types.js';

/** What earlier sessions of a run have done. */
export interface EarlierWork {
  /** Finished samples. */
  finished: number;
  isDone(key: string): boolean;
  /** Samples with some records and not all, by record key; at most as many as were in flight. */
  partial: ReadonlyMap<string, PartialResult>;
  /** Bytes of a torn last line that were cut off. */
  cutBytes: number;
  /** Time that earlier sessions took, from their start to their last record. */
  elapsedMs: number;
}

/**
 * Reads a run's log before it goes on. `onResult` gets each sample that is finished. The caller holds the run's lock.
 * With `retryErrors` what failed or is unscored is first taken out of the log, and so is done again.
 */
export async function readEarlierWork(
  directory: string,
  manifest: Manifest,
  retryErrors: boolean,
  onResult: (result: SampleResult) => void,
): Promise<EarlierWork> {
  const file = join(directory, RECORDS_FILE);
  if (!existsSync(file)) return { finished: 0, isDone: () => false, partial: new Map(), cutBytes: 0, elapsedMs: 0 };
  const cutBytes = cutTornLine(file);
  if (retryErrors) await dropErrors(directory, file);
  const done = new KeyTable();
  const joiner = joinerFor(manifest);
  let elapsedMs = 0;
  let previous = 0;
  for await (const record of readRecords(directory)) {
    if (record.stage !== 'session') elapsedMs += Math.max(0, record.at - previous);
    previous = record.at;
    const result = joiner.add(record);
    if (result === undefined) continue;
    done.set(recordKey(result.task, result.id, result.epoch), 1);
    onResult(result);
  }
  return { finished: done.size, isDone: (key) => done.has(key), partial: joiner.pending, cutBytes, elapsedMs };
}

/** Writes the log anew without failed generations and null scores; whole or not at all. */
async function dropErrors(directory: string, file: string): Promise<void> {
  const aside = `${file}.tmp`;
  // One that was left by a session that died would be appended to.
  rmSync(aside, { force: true });
  const log = openRecordLog(aside);
  try {
    for await (const record of readRecords(directory)) {
      const kept = withoutErrors(record);
      if (kept) log.append(kept);
    }
  } finally {
    log.close();
  }
  renameSync(aside, file);
}

function withoutErrors(record: RunRecord): RunRecord | undefined {
  if (record.stage === 'session') return record;
  if (record.stage === 'generation') return record.ok ? record : undefined;
  const scores = Object.entries(record.scores).filter(([, score]) => score.value !== null);
  return scores.length === 0 ? undefined : { ...record, scores: Object.fromEntries(scores) };
}
