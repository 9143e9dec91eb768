import { DatasetError, field, finishReasonOf, type Generation, type Timings } from 'judgekit/runtime';

/** What one line records: an answer, or that there was none. */
export interface Recorded {
  /** Absent: of any task. */
  task?: string;
  id: string;
  /** Absent: of every repeat. */
  epoch?: number;
  outcome: { ok: true; generation: Generation } | { ok: false; message: string };
}

export interface Place {
  file: string;
  line?: number;
}

const SHAPE =
  'A line looks like {"id": "…", "output": "…"}; task, epoch, finishReason, usage and timings are optional.';

/**
 * Reads a line: `{id, output, …}` as people write it, or a line of a run's `records.jsonl` (where the answer is `text`) or
 * of a `.jsonl` report. Gives undefined for a record that is not about an answer. Throws DatasetError.
 */
export function readRow(text: string, place: Place): Recorded | undefined {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch (cause) {
    throw new DatasetError(`not valid JSON: ${(cause as Error).message}`, { location: place, hint: SHAPE, cause });
  }
  const wrong = (message: string) => new DatasetError(message, { location: place, hint: SHAPE });
  if (typeof row !== 'object' || row === null || Array.isArray(row)) throw wrong('a line must hold an object');
  const { stage, task, id, epoch, output, ok, error } = row as Record<string, unknown>;
  if (stage !== undefined && stage !== 'generation') return undefined;
  if (typeof id !== 'string' || id === '') throw wrong('`id` must be a text that is not empty');
  if (task !== undefined && typeof task !== 'string') throw wrong(`\`task\` of "${id}" must be a text`);
  if (epoch !== undefined && !(Number.isInteger(epoch) && (epoch as number) >= 1)) {
    throw wrong(`\`epoch\` of "${id}" must be a whole number of at least 1`);
  }
  const of = { task, id, epoch: epoch as number | undefined };
  const message = field(error, 'message');
  if (ok === false || (typeof error === 'object' && error !== null)) {
    return { ...of, outcome: { ok: false, message: typeof message === 'string' ? message : 'no reason is recorded' } };
  }
  const answer = output ?? (stage === undefined ? undefined : field(row, 'text'));
  if (typeof answer !== 'string') throw wrong(`\`output\` of "${id}" must be the answer's text`);
  return { ...of, outcome: { ok: true, generation: generationOf(row, answer, wrong) } };
}

function generationOf(row: object, text: string, wrong: (message: string) => DatasetError): Generation {
  const generation: Generation = { text, finishReason: finishReasonOf(field(row, 'finishReason')), timings: {} };
  const usage = field(row, 'usage') ?? undefined;
  if (usage !== undefined) {
    const [promptTokens, completionTokens] = [field(usage, 'promptTokens'), field(usage, 'completionTokens')];
    if (typeof promptTokens !== 'number' || typeof completionTokens !== 'number') {
      throw wrong('`usage` must hold the numbers promptTokens and completionTokens');
    }
    generation.usage = { promptTokens, completionTokens };
  }
  const timings = field(row, 'timings') ?? undefined;
  if (timings !== undefined) generation.timings = timingsOf(timings, wrong);
  return generation;
}

const TIMINGS = ['totalMs', 'firstTokenMs', 'prefillTokensPerSecond', 'decodeTokensPerSecond'] as const;

function timingsOf(recorded: unknown, wrong: (message: string) => DatasetError): Timings {
  const timings: Timings = {};
  for (const name of TIMINGS) {
    const value = field(recorded, name) ?? undefined;
    if (value === undefined) continue;
    if (typeof value !== 'number') throw wrong(`timings.${name} must be a number`);
    timings[name] = value;
  }
  return timings;
}
