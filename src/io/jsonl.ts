import { isAscii, isUtf8, transcode } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { DatasetError } from '../errors.js';

/** One line of a JSON Lines file. */
export interface Line {
  /** Counts from 1 at `start`. */
  number: number;
  /** Byte offset of the line's first byte in the file. */
  offset: number;
  /** Length in bytes, without the line ending (and, on the first line, without the byte order mark). */
  bytes: number;
  text: string;
}

export interface ReadLinesOptions {
  /** Byte offset of the first line to read. Default 0. */
  start?: number;
  /** Byte offset to stop before; by default the end of the file. */
  end?: number;
  /** Bytes read at a time. Default 128 KiB; grows to the longest line. */
  highWaterMark?: number;
  /** Sees every byte in order, e.g. to hash them. The buffer is reused: copy what must stay. */
  onBytes?: (bytes: Buffer) => void;
}

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Streams the lines of a UTF-8 file in batches, one for each chunk read, in constant memory. Blank lines are skipped but
 * counted. CRLF, a byte order mark and a last line without its line ending are understood.
 *
 * The texts of a batch share memory: keep a parsed value rather than a text.
 *
 * Throws DatasetError naming the file, and the line of the first byte that is not UTF-8.
 */
export async function* readLines(path: string, options: ReadLinesOptions = {}): AsyncGenerator<Line[]> {
  const { start = 0, end = Number.POSITIVE_INFINITY, highWaterMark = 128 * 1024, onBytes } = options;
  const handle = await openFile(path);
  try {
    let buffer: Buffer = Buffer.allocUnsafeSlow(highWaterMark);
    /** File offset of the buffer's first byte, and how much of the buffer is filled. */
    let offset = start;
    let filled = 0;
    let number = 1;
    for (;;) {
      if (filled === buffer.length) buffer = grow(buffer);
      const wanted = Math.min(buffer.length - filled, end - offset - filled);
      const read = wanted > 0 ? await readInto(handle, path, buffer, filled, wanted, offset + filled) : 0;
      if (read > 0) onBytes?.(buffer.subarray(filled, filled + read));
      const searched = filled;
      filled += read;
      // Only what is new can hold a newline, so a line much longer than the buffer is not searched again and again.
      const newline = read === 0 ? -1 : buffer.subarray(searched, filled).lastIndexOf(NEWLINE);
      const whole = read === 0 ? filled : newline < 0 ? 0 : searched + newline + 1;
      if (whole > 0) {
        const batch: Line[] = [];
        number = splitLines(path, buffer.subarray(0, whole), offset, number, batch);
        if (batch.length > 0) yield batch;
        buffer.copyWithin(0, whole, filled);
        offset += whole;
        filled -= whole;
      }
      if (read === 0) return;
    }
  } finally {
    await handle.close();
  }
}

/** Splits whole lines into `batch`; returns the number of the line after them. */
function splitLines(path: string, chunk: Buffer, offset: number, first: number, batch: Line[]): number {
  let number = first;
  let from = offset === 0 && BYTE_ORDER_MARK.every((byte, index) => chunk[index] === byte) ? BYTE_ORDER_MARK.length : 0;
  const slice = decoder(path, chunk, from, first);
  while (from < chunk.length) {
    const newline = chunk.indexOf(NEWLINE, from);
    const next = newline < 0 ? chunk.length : newline;
    const end = next > from && chunk[next - 1] === CARRIAGE_RETURN ? next - 1 : next;
    const text = slice(from, end, newline < 0);
    if (!isBlank(chunk, from, end)) batch.push({ number, offset: offset + from, bytes: end - from, text });
    number += 1;
    from = next + 1;
  }
  return number;
}

/**
 * Decodes the lines of a chunk, in order. ASCII is cut out byte by byte. Anything else is transcoded to UTF-16 once and
 * cut at its newlines: measured on Chinese text, three times as fast as decoding each line from UTF-8.
 */
function decoder(path: string, chunk: Buffer, start: number, firstLine: number) {
  if (isAscii(chunk)) return (from: number, end: number) => chunk.toString('latin1', from, end);
  if (!isUtf8(chunk)) throw notUtf8(path, chunk, start, firstLine);
  const text = transcode(chunk.subarray(start), 'utf8', 'utf16le').toString('utf16le');
  let position = 0;
  return (_from: number, _end: number, last: boolean) => {
    const newline = last ? text.length : text.indexOf('\n', position);
    const end = newline > position && text.charCodeAt(newline - 1) === CARRIAGE_RETURN ? newline - 1 : newline;
    const line = text.slice(position, end);
    position = newline + 1;
    return line;
  };
}

function isBlank(chunk: Buffer, from: number, end: number): boolean {
  for (let index = from; index < end; index += 1) {
    const byte = chunk[index]!;
    if (byte !== 32 && byte !== 9 && byte !== CARRIAGE_RETURN) return false;
  }
  return true;
}

function grow(buffer: Buffer): Buffer {
  const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
  buffer.copy(larger);
  return larger;
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readInto(
  handle: FileHandle,
  path: string,
  buffer: Buffer,
  at: number,
  length: number,
  position: number,
): Promise<number> {
  try {
    return (await handle.read(buffer, at, length, position)).bytesRead;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(file: string, cause: unknown): DatasetError {
  const { code } = cause as NodeJS.ErrnoException;
  const message =
    code === 'ENOENT'
      ? 'there is no such file'
      : code === 'EISDIR'
        ? 'this is a folder; a JSON Lines file is needed'
        : `the file cannot be read (${code ?? String(cause)})`;
  return new DatasetError(message, { location: { file }, cause });
}

function notUtf8(file: string, chunk: Buffer, start: number, firstLine: number): DatasetError {
  let line = firstLine;
  let from = start;
  for (;;) {
    const newline = chunk.indexOf(NEWLINE, from);
    const end = newline < 0 ? chunk.length : newline;
    if (newline < 0 || !isUtf8(chunk.subarray(from, end))) break;
    from = end + 1;
    line += 1;
  }
  return new DatasetError('the line is not UTF-8', {
    location: { file, line },
    hint: 'Save the file as UTF-8 (in an editor: "Save with encoding"; in a shell: iconv -f GB18030 -t UTF-8).',
  });
}
