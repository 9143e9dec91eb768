import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/errors.js';
import { type Line, type ReadLinesOptions, readLines } from '../../src/io/jsonl.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jsonl-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(content: string | Buffer): string {
  const path = join(folder, 'rows.jsonl');
  writeFileSync(path, content);
  return path;
}

async function all(path: string, options?: ReadLinesOptions): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(path, options)) lines.push(...batch);
  return lines;
}

async function texts(content: string | Buffer, options?: ReadLinesOptions): Promise<string[]> {
  return (await all(file(content), options)).map((line) => line.text);
}

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DatasetError);
  return (error as DatasetError).describe().replaceAll(folder, '');
}

describe('readLines', () => {
  it('gives number, byte offset, byte length and text of every line', async () => {
    expect(await all(file('{"a":1}\n{"b":"会议"}\n😀\n'))).toEqual([
      { number: 1, offset: 0, bytes: 7, text: '{"a":1}' },
      { number: 2, offset: 8, bytes: 14, text: '{"b":"会议"}' },
      { number: 3, offset: 23, bytes: 4, text: '😀' },
    ]);
  });

  it('skips blank lines and still counts them', async () => {
    const lines = await all(file('\n一\n  \t\n\r\n二\n\n'));
    expect(lines.map(({ number, text }) => [number, text])).toEqual([
      [2, '一'],
      [5, '二'],
    ]);
  });

  it('takes a last line without its line ending', async () => {
    expect(await texts('a\n会')).toEqual(['a', '会']);
    expect(await texts('a\nb')).toEqual(['a', 'b']);
  });

  it('takes CRLF and leaves a carriage return inside a line alone', async () => {
    expect(await texts('a\r\nb\rc\r\nd')).toEqual(['a', 'b\rc', 'd']);
    expect(await texts('会\r\n议\r议\r\n摘')).toEqual(['会', '议\r议', '摘']);
    expect((await all(file('会\r\n')))[0]).toEqual({ number: 1, offset: 0, bytes: 3, text: '会' });
  });

  it('drops a byte order mark at the start of the file and nowhere else', async () => {
    expect(await all(file('\uFEFF一\n\uFEFFb\n'))).toEqual([
      { number: 1, offset: 3, bytes: 3, text: '一' },
      { number: 2, offset: 7, bytes: 4, text: '\uFEFFb' },
    ]);
    expect(await texts('\uFEFFa\n')).toEqual(['a']);
    expect(await texts('\uFEFF')).toEqual([]);
  });

  it('reads an empty file as no lines', async () => {
    expect(await texts('')).toEqual([]);
  });

  it('reads a row of 5 MB, and a buffer that is far too small for its rows', async () => {
    const long = '长'.repeat(1_700_000);
    expect(await texts(`a\n${long}\nb`)).toEqual(['a', long, 'b']);
    expect(await texts('会议😀纪要\n摘要', { highWaterMark: 1 })).toEqual(['会议😀纪要', '摘要']);
  });

  it('starts and stops at byte offsets', async () => {
    const path = file('一\n二\n三\n');
    const [, second] = await all(path);
    expect((await all(path, { start: second!.offset })).map((line) => line.text)).toEqual(['二', '三']);
    expect((await all(path, { end: 7 })).map((line) => line.text)).toEqual(['一', '二']);
    expect((await all(path, { start: 4, end: 8 })).map((line) => [line.number, line.offset, line.text])).toEqual([
      [1, 4, '二'],
    ]);
  });

  it('shows every byte once and in order', async () => {
    const content = Buffer.from('会议\r\n\n纪要\nplain\n'.repeat(50));
    const seen: Buffer[] = [];
    await all(file(content), { highWaterMark: 7, onBytes: (bytes) => seen.push(Buffer.from(bytes)) });
    expect(Buffer.concat(seen).equals(content)).toBe(true);
  });

  it('agrees with splitting the whole text, for any text and any buffer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', '会', '😀', 'é', '\n', '\r\n', '\r', ' ', '\t', '{}'), { maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        async (pieces, highWaterMark) => {
          const content = pieces.join('');
          const expected = content
            .split('\n')
            .map((text, index, { length }) => ({
              text: text.endsWith('\r') ? text.slice(0, -1) : text,
              number: index + 1,
              last: index === length - 1,
            }))
            .filter(({ text }) => /[^ \t\r]/.test(text))
            .map(({ number, text }) => ({ number, text }));
          const path = file(content);
          const lines = await all(path, { highWaterMark });
          expect(lines.map(({ number, text }) => ({ number, text }))).toEqual(expected);
          const whole = Buffer.from(content);
          for (const line of lines) {
            expect(whole.subarray(line.offset, line.offset + line.bytes).toString()).toBe(line.text);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('names the line that is not UTF-8', async () => {
    const gbk = Buffer.concat([
      Buffer.from('好\n\n好\n'),
      Buffer.from([0xbb, 0xe1, 0xd2, 0xe9]),
      Buffer.from('\n好\n'),
    ]);
    expect(await failure(texts(gbk))).toMatchInlineSnapshot(`
      "/rows.jsonl:4: the line is not UTF-8
        → Save the file as UTF-8 (in an editor: "Save with encoding"; in a shell: iconv -f GB18030 -t UTF-8)."
    `);
    expect(await failure(texts(Buffer.concat([Buffer.from('a\nb'), Buffer.from([0xe4, 0xbc])])))).toMatch(/jsonl:2: /);
    expect(await failure(texts(gbk, { highWaterMark: 4 }))).toMatch(/jsonl:4: /);
  });

  it('says what is wrong with a path that is no file', async () => {
    expect(await failure(all(join(folder, 'none.jsonl')))).toBe('/none.jsonl: there is no such file');
    expect(await failure(all(folder))).toBe(': this is a folder; a JSON Lines file is needed');
    expect(await failure(all(join(file('x'), 'x.jsonl')))).toMatch('the file cannot be read (ENOTDIR)');
  });

  it('closes the file when the reader stops early', async () => {
    const path = file('a\nb\nc\n');
    for (let round = 0; round < 50; round += 1) {
      for await (const [line] of readLines(path, { highWaterMark: 2 })) {
        expect(line?.text).toBe('a');
        break;
      }
    }
  });
});
