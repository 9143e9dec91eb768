import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { RunError } from '../errors.js';
import type { RunRecord } from './types.js';

/**
 * The append-only `records.jsonl`. Lines are written with one synchronous write as soon as a stage is finished: once
 * `append` returns, a killed process loses nothing of it (the page cache outlives the process).
 */
export interface RecordLog {
  /** Throws RunError when the disk refuses; the file is then cut back to its last whole line. */
  append(...records: RunRecord[]): void;
  close(): void;
}

/** Opens for appending. The caller holds the run's lock and has mended the tail. */
export function openRecordLog(path: string): RecordLog {
  const fd = openSync(path, 'a');
  let size = fstatSync(fd).size;
  let open = true;
  return {
    append(...records) {
      if (!open) throw new RunError('the run is closed', { location: { file: path } });
      let text = '';
      for (const record of records) text += `${JSON.stringify(record)}\n`;
      const length = Buffer.byteLength(text);
      let written = 0;
      try {
        written = writeSync(fd, text);
        // A write may be short (a disk that is nearly full); the next one then throws.
        const bytes = written < length ? Buffer.from(text) : undefined;
        while (written < length) written += writeSync(fd, bytes!, written);
      } catch (cause) {
        if (written > 0) cutBack(fd, size);
        throw writeFailure(path, cause);
      }
      size += length;
    },
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}

function cutBack(fd: number, size: number): void {
  try {
    ftruncateSync(fd, size);
  } catch {
    // Resuming cuts a torn last line too; the write's own error is the one to report.
  }
}

function writeFailure(file: string, cause: unknown): RunError {
  const code = (cause as NodeJS.ErrnoException).code;
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  return new RunError(
    full ? `no space left to write the run (${code})` : `the run cannot be written (${code ?? String(cause)})`,
    {
      location: { file },
      hint: 'Everything finished so far is kept. Make room, then go on with `judge --resume`.',
      cause,
    },
  );
}

/**
 * Cuts a torn last line (one without its line feed), which a killed process or a full disk may leave.
 * Returns the number of bytes cut.
 */
export function cutTornLine(path: string): number {
  const fd = openSync(path, 'r+');
  try {
    const { size } = fstatSync(fd);
    const chunk = Buffer.alloc(64 * 1024);
    let end = size;
    while (end > 0) {
      const start = Math.max(0, end - chunk.length);
      const length = readSync(fd, chunk, 0, end - start, start);
      const newline = chunk.lastIndexOf(10, length - 1);
      if (newline >= 0) {
        const keep = start + newline + 1;
        if (keep < size) ftruncateSync(fd, keep);
        return size - keep;
      }
      end = start;
    }
    if (size > 0) ftruncateSync(fd, 0);
    return size;
  } finally {
    closeSync(fd);
  }
}
