import { join } from 'node:path';
import { RunError } from '../errors.js';
import { readLines } from '../io/jsonl.js';
import { RECORDS_FILE } from './directory.js';
import { createJoiner, type ResultJoiner } from './join.js';
import type { Manifest, RunRecord, SampleResult } from './types.js';

/** Every record of a run, in the order of writing. Throws RunError naming the line that is broken. */
export async function* readRecords(directory: string): AsyncGenerator<RunRecord> {
  const file = join(directory, RECORDS_FILE);
  for await (const lines of readLines(file)) {
    for (const { number, text } of lines) yield parseRecord(file, number, text);
  }
}

function parseRecord(file: string, line: number, text: string): RunRecord {
  try {
    const record = JSON.parse(text) as RunRecord;
    if (record.stage === 'session' || record.stage === 'generation' || record.stage === 'scores') return record;
  } catch {
    // Falls through to the one error for both.
  }
  throw new RunError('this line of the run is no record', {
    location: { file, line },
    hint: 'The file was changed or damaged by something else. Delete the line to run its sample again.',
  });
}

export function joinerFor(manifest: Manifest): ResultJoiner {
  return createJoiner(new Map(manifest.tasks.map((task) => [task.id, task.scorers])));
}

/** The finished samples of a run, streamed. */
export async function* readResults(directory: string, manifest: Manifest): AsyncGenerator<SampleResult> {
  const joiner = joinerFor(manifest);
  for await (const record of readRecords(directory)) {
    const result = joiner.add(record);
    if (result) yield result;
  }
}
