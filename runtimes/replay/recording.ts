import { DatasetError, KeyTable, type Line, readLines } from 'judgekit/runtime';
import { LineReader } from './line-reader.js';
import { type Recorded, readRow } from './row.js';

/** A file of recorded outputs. */
export interface Recording {
  /** What is recorded for this sample. Throws DatasetError for the first broken line that is met on the way. */
  find(task: string, id: string, epoch: number): Promise<Recorded | undefined>;
  close(): Promise<void>;
}

/** Chunks whose rows stay in memory: samples that run at once are asked for a little out of order. */
const CHUNKS_KEPT = 4;

/**
 * Reads the file as far as it has been asked for. Samples mostly come in the file's order, so that what is wanted next has
 * just been read. Every line that goes by leaves its place in a table, 20 to 30 bytes, by which it is read again when it
 * is wanted later; memory holds little more, however long the file.
 *
 * Throws DatasetError when the file cannot be read or holds nothing.
 */
export async function openRecording(file: string): Promise<Recording> {
  const places = new KeyTable();
  const again = new LineReader(file);
  const batches = readLines(file);
  let chunks: Map<string, Recorded>[] = [];
  /** Whether lines name task and epoch: all do or none does, so that each sample has one line. */
  let naming: { task: boolean; epoch: boolean } | undefined;
  let reading: Promise<void> | undefined;
  let ended = false;

  /** Reads the next chunk; all that wait share one reading, and its error. */
  function advance(): Promise<void> {
    reading ??= readChunk().then(() => {
      reading = undefined;
    });
    return reading;
  }

  async function readChunk(): Promise<void> {
    const { value: lines, done } = await batches.next();
    if (done) {
      ended = true;
      return;
    }
    const chunk = new Map<string, Recorded>();
    chunks = [chunk, ...chunks.slice(0, CHUNKS_KEPT - 1)];
    for (const line of lines) {
      const recorded = readRow(line.text, { file, line: line.number });
      const twice = recorded && add(recorded, line, chunk);
      if (twice !== undefined) {
        throw new DatasetError(`"${recorded?.id}" is recorded twice, here and in line ${await lineAt(twice)}`, {
          location: { file, line: line.number },
          hint: 'Keep one of the two lines, or tell them apart by `task` or `epoch`.',
        });
      }
    }
  }

  /** Returns the place of an earlier answer to the same sample, if there is one. */
  function add(recorded: Recorded, { number, offset }: Line, chunk: Map<string, Recorded>): number | undefined {
    const withTask = recorded.task !== undefined;
    const withEpoch = recorded.epoch !== undefined;
    naming ??= { task: withTask, epoch: withEpoch };
    if (naming.task !== withTask) throw mixed('task', withTask, { file, line: number });
    if (naming.epoch !== withEpoch) throw mixed('epoch', withEpoch, { file, line: number });
    const key = keyOf(recorded);
    const earlier = look(key);
    if (earlier.recorded?.outcome.ok) {
      // A run that was done again has its failures on record too.
      return recorded.outcome.ok ? earlier.place : undefined;
    }
    places.set(earlier.slot, offset);
    chunk.set(key, recorded);
    return undefined;
  }

  /** What has been read of this key. The table knows keys by hash: where another stands, the next slot is tried. */
  function look(key: string): { slot: string; place: number; recorded?: Recorded } {
    for (let attempt = 0; ; attempt++) {
      const slot = attempt === 0 ? key : `${key}\u0000${attempt}`;
      const place = places.get(slot);
      if (place === undefined) return { slot, place: -1 };
      const text = again.at(place);
      const recorded = text === undefined ? undefined : readRow(text, { file });
      if (recorded === undefined) throw changed(file);
      if (keyOf(recorded) === key) return { slot, place, recorded };
    }
  }

  async function lineAt(place: number): Promise<number> {
    for await (const lines of readLines(file)) {
      const line = lines.find(({ offset }) => offset === place);
      if (line) return line.number;
    }
    throw changed(file);
  }

  function known(key: string): Recorded | undefined {
    for (const chunk of chunks) {
      const recorded = chunk.get(key);
      if (recorded) return recorded;
    }
    return look(key).recorded;
  }

  async function close(): Promise<void> {
    again.close();
    await reading?.catch(() => {});
    await batches.return(undefined);
  }

  try {
    while (naming === undefined && !ended) await advance();
    if (naming === undefined) {
      throw new DatasetError('no outputs are recorded here', {
        location: { file },
        hint: 'Write one line for each sample: {"id": "…", "output": "…"}.',
      });
    }
  } catch (error) {
    await close();
    throw error;
  }

  const { task: withTask, epoch: withEpoch } = naming;
  return {
    async find(task, id, epoch) {
      const key = keyOf({ task: withTask ? task : undefined, id, epoch: withEpoch ? epoch : undefined });
      for (;;) {
        const recorded = known(key);
        // After a failure, a later line may hold the answer.
        if (recorded?.outcome.ok || ended) return recorded;
        await advance();
      }
    },
    close,
  };
}

function keyOf({ task = '', id, epoch = '' }: { task?: string; id: string; epoch?: number | '' }): string {
  return `${task}\u0000${id}\u0000${epoch}`;
}

function mixed(name: string, named: boolean, location: { file: string; line: number }): DatasetError {
  const [here, before] = named ? ['names', 'do not'] : ['does not name', 'do'];
  return new DatasetError(`this line ${here} its \`${name}\`, and the lines before ${before}`, {
    location,
    hint: `Write \`${name}\` in every line or in none, so that no sample has two outputs.`,
  });
}

function changed(file: string): DatasetError {
  return new DatasetError('the file changed while it was in use', { location: { file }, hint: 'Start again.' });
}
