import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorMessage, RunError } from '../errors.js';

/** Characters that are put together for one write. */
const CHUNK = 1 << 16;

/**
 * Writes text into a new file beside `file`, then puts it in `file`'s place, so that nobody ever sees half of it. Missing
 * folders are made. Throws RunError naming the path; whatever `pieces` throws comes through.
 */
export async function writeWhole(file: string, pieces: AsyncIterable<string>): Promise<void> {
  const aside = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`);
  const attempt = async <T>(step: Promise<T>): Promise<T> => {
    try {
      return await step;
    } catch (error) {
      throw new RunError(`the report cannot be written: ${reason(error)}`, {
        location: { file },
        hint: hintFor(error),
        cause: error,
      });
    }
  };
  await attempt(mkdir(dirname(file), { recursive: true }));
  const handle = await attempt(open(aside, 'wx'));
  try {
    try {
      for await (const chunk of chunks(pieces)) await attempt(handle.writeFile(chunk));
      await attempt(handle.sync());
    } finally {
      await close(handle);
    }
    await attempt(rename(aside, file));
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

async function* chunks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** What a failed close would say, the write or the sync before it has said. */
async function close(handle: FileHandle): Promise<void> {
  await handle.close().catch(() => {});
}

/** Without the call and its path, which is the temporary one: `ENOSPC: no space left on device`. */
function reason(error: unknown): string {
  return errorMessage(error).replace(/, \w+( '.*)?$/s, '');
}

function hintFor(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full. The run is kept: make room, then write the report from it.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'Choose a folder that you may write to, and close the file where it is open.';
    default:
      return 'Choose another place for it.';
  }
}
