import { createHash } from 'node:crypto';
import { DatasetError } from '../errors.js';
import { readLines } from '../io/jsonl.js';
import { KeyTable } from '../io/key-table.js';
import { nearest } from '../nearest.js';
import { notJson, parseRow, type RowPlace, rowError, textLength, toSample } from './sample.js';
import type { Dataset, DatasetSummary, Sample, SampleRow, TemplateVariable } from './types.js';

/** A dataset in a JSON Lines file. Nothing is read before it is asked for. */
export function fileDataset(file: string): Dataset {
  return {
    file,
    async *samples() {
      for await (const lines of readLines(file)) {
        for (const line of lines) {
          const place = { file, line: line.number };
          yield toSample(parseRow(line.text, place), place);
        }
      }
    },
    check: (variables) =>
      checkFile(file, variables, (problem) => {
        throw problem;
      }),
  };
}

/**
 * Reads a dataset once, whole, in constant memory. `onProblem` gets every bad row and may throw to stop; bad rows are not
 * part of the summary. Throws DatasetError when the file itself cannot be read.
 */
export async function checkFile(
  file: string,
  variables: readonly TemplateVariable[],
  onProblem: (problem: DatasetError) => void,
  ids = new KeyTable(),
): Promise<DatasetSummary> {
  const hash = createHash('sha256');
  const tally = new Tally(variables);
  for await (const lines of readLines(file, { onBytes: (bytes) => hash.update(bytes) })) {
    for (const { number, offset, text } of lines) {
      const place = { file, line: number };
      try {
        const sample = toSample(parseRow(text, place), place);
        const earlier = ids.get(sample.id);
        if (earlier === undefined) ids.set(sample.id, offset);
        else await claimId(ids, file, sample.id, offset, number);
        tally.add(sample, place);
      } catch (error) {
        if (!(error instanceof DatasetError)) throw error;
        onProblem(error);
      }
    }
  }
  return tally.summary(hash.digest('hex'));
}

/** A dataset of rows that code gives. `file` stands in errors. */
export function rowsDataset(rows: readonly SampleRow[], file = '(code)'): Dataset {
  const samples = function* (): Generator<[Sample, RowPlace]> {
    for (const [index, row] of rows.entries()) {
      const place = { file, row: index + 1 };
      const odd = notJson(row, 'row');
      if (odd !== undefined) throw rowError(place, `${odd.replace(/^row\.?/, '') || 'the row'} is not plain JSON data`);
      yield [toSample(row, place), place];
    }
  };
  return {
    file,
    async *samples() {
      for (const [sample] of samples()) yield sample;
    },
    async check(variables) {
      const hash = createHash('sha256');
      const tally = new Tally(variables);
      const rowOfId = new Map<string, number>();
      for (const [sample, place] of samples()) {
        const earlier = rowOfId.get(sample.id);
        if (earlier !== undefined)
          throw rowError(place, `the id "${sample.id}" is already that of row ${earlier}`, UNIQUE);
        rowOfId.set(sample.id, place.row!);
        hash.update(`${JSON.stringify(rows[place.row! - 1])}\n`);
        tally.add(sample, place);
      }
      return tally.summary(hash.digest('hex'));
    },
  };
}

const UNIQUE = 'Ids must be unique in a dataset: results are kept by id.';

/** A key stands for at most this many ids of the same hash; with 64 bits even two are not met in practice. */
const MAX_COLLISIONS = 8;

/**
 * Notes an id whose hash is taken. The table does not keep ids, so the earlier row is read again: a collision never
 * refuses a good dataset. Throws DatasetError when it is the same id.
 */
async function claimId(ids: KeyTable, file: string, id: string, offset: number, line: number): Promise<void> {
  for (let attempt = 0; attempt < MAX_COLLISIONS; attempt += 1) {
    const key = attempt === 0 ? id : `${id}\u0000${attempt}`;
    const earlier = ids.get(key);
    if (earlier === undefined) return ids.set(key, offset);
    const [earlierId, earlierLine] = await rowAt(file, earlier);
    if (earlierId === id)
      throw rowError({ file, line }, `the id "${id}" is already that of line ${earlierLine}`, UNIQUE);
  }
}

async function rowAt(file: string, offset: number): Promise<[id: string, line: number]> {
  for await (const lines of readLines(file)) {
    for (const line of lines) {
      if (line.offset === offset) return [(JSON.parse(line.text) as SampleRow).id, line.number];
    }
  }
  throw new DatasetError('the file changed while it was read', { location: { file } });
}

/** Adds up what a summary says, and refuses rows that lack a variable. */
class Tally {
  readonly #variables: readonly TemplateVariable[];
  #samples = 0;
  #inputCharacters = 0;
  #targetCharacters = 0;
  #targets = 0;

  constructor(variables: readonly TemplateVariable[]) {
    this.#variables = variables;
  }

  add({ variables, targets }: Sample, place: RowPlace): void {
    for (const variable of this.#variables) {
      if (!Object.hasOwn(variables, variable.name)) throw lacksVariable(variable, Object.keys(variables), place);
    }
    this.#samples += 1;
    this.#inputCharacters += textLength(variables);
    for (const target of targets) this.#targetCharacters += target.length;
    this.#targets += targets.length;
  }

  summary(hash: string): DatasetSummary {
    return {
      samples: this.#samples,
      hash,
      meanInputCharacters: mean(this.#inputCharacters, this.#samples),
      meanTargetCharacters: mean(this.#targetCharacters, this.#targets),
    };
  }
}

function mean(sum: number, count: number): number {
  return count === 0 ? 0 : sum / count;
}

function lacksVariable(variable: TemplateVariable, given: string[], place: RowPlace): DatasetError {
  const near = nearest(variable.name, given);
  const has = given.length === 0 ? 'The row has no variables' : `The row has: ${given.join(', ')}`;
  return rowError(
    place,
    `the variable "${variable.name}" is missing, which ${variable.file}:${variable.line}:${variable.column} uses`,
    near ? `Did you mean "${near}"? ${has}.` : `${has}. Where it has no value, write null.`,
  );
}
