import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/errors.js';
import { KeyTable, murmur3 } from '../../src/io/key-table.js';
import { checkFile, fileDataset, rowsDataset } from '../../src/task/dataset.js';
import type { Sample, SampleRow } from '../../src/task/types.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataset-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(content: string | Buffer): string {
  const path = join(folder, 'rows.jsonl');
  writeFileSync(path, content);
  return path;
}

async function collect(samples: AsyncIterable<Sample>): Promise<Sample[]> {
  const all: Sample[] = [];
  for await (const sample of samples) all.push(sample);
  return all;
}

async function problem(step: Promise<unknown>): Promise<string> {
  const error = await step.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DatasetError);
  return (error as DatasetError).describe().replaceAll(`${folder}/`, '');
}

/** What both `samples()` and `check()` say of a bad row. */
async function badRow(text: string): Promise<string> {
  const dataset = fileDataset(file(text));
  const said = await problem(dataset.check([]));
  expect(await problem(collect(dataset.samples()))).toBe(said);
  return said;
}

const variable = (name: string) => ({ name, file: 'prompt.hbs', line: 3, column: 5 });

describe('a dataset in a file', () => {
  it('gives its samples, as often as they are asked for', async () => {
    const dataset = fileDataset(
      file(
        '{"id":"1","variables":{"a":"一"},"target":"x"}\n\n{"id":"2","variables":{},"target":["y","z"],"group":"g","metadata":{"k":1}}',
      ),
    );
    const expected = [
      { id: '1', variables: { a: '一' }, targets: ['x'] },
      { id: '2', variables: {}, targets: ['y', 'z'], group: 'g', metadata: { k: 1 } },
    ];
    expect(await collect(dataset.samples())).toEqual(expected);
    expect(await collect(dataset.samples())).toEqual(expected);
  });

  it('sums up: rows, hash of the bytes, mean lengths', async () => {
    const content =
      '{"id":"1","variables":{"a":"四个汉字","b":[12,{"c":true}],"d":null},"target":"xy"}\n{"id":"2","variables":{"a":""}}\n';
    expect(await fileDataset(file(content)).check([variable('a')])).toMatchInlineSnapshot(`
      {
        "hash": "14c1ec9ddd6c83243f674b5ff23ebd241faa180b1db32449d86da08bc478f1a8",
        "meanInputCharacters": 5,
        "meanTargetCharacters": 2,
        "samples": 2,
      }
    `);
    expect(await fileDataset(file('')).check([variable('a')])).toMatchObject({ samples: 0, meanInputCharacters: 0 });
  });

  it('refuses broken JSON with a word on what commonly goes wrong', async () => {
    expect(await badRow('{"id":"1","variables":{}}\n{"id":"2" "variables":{}}\n')).toMatchInlineSnapshot(`
      "rows.jsonl:2:11: not valid JSON: Expected ',' or '}' after property value
        → Each line must be one JSON object."
    `);
    expect(await badRow('[\n{"id":"1"}\n]')).toMatchInlineSnapshot(`
      "rows.jsonl:1: not valid JSON: Unexpected end of JSON input
        → This looks like a JSON array. JSON Lines has one object on each line, without brackets and commas around them."
    `);
    expect(await badRow('[{"id":"1","variables":{}},\n')).toMatchInlineSnapshot(`
      "rows.jsonl:1: not valid JSON: Unexpected end of JSON input
        → This looks like a JSON array. JSON Lines has one object on each line, without brackets and commas around them."
    `);
    expect(await badRow('{\n"id": "1"\n}')).toMatchInlineSnapshot(`
      "rows.jsonl:1:2: not valid JSON: Expected property name or '}'
        → Each object must stand on one line of its own: JSON Lines, not indented JSON."
    `);
    expect(await badRow("{'id': '1'}")).toMatchInlineSnapshot(`
      "rows.jsonl:1:2: not valid JSON: Expected property name or '}'
        → JSON puts keys and texts in double quotes."
    `);
    expect(await badRow('{"id":"1","variables":{}},\n')).toMatchInlineSnapshot(`
      "rows.jsonl:1:26: not valid JSON: Unexpected non-whitespace character after JSON
        → JSON Lines has no comma after a line."
    `);
    expect(await badRow('{"id":NaN}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: not valid JSON: Unexpected token 'N'
        → JSON has true, false and null, and neither NaN nor None."
    `);
  });

  it('refuses rows of another shape, naming the field and what was expected', async () => {
    expect(await badRow('"text"')).toMatchInlineSnapshot(`
      "rows.jsonl:1: a row must be an object, not a text
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional."
    `);
    expect(await badRow('[1]')).toMatchInlineSnapshot(`
      "rows.jsonl:1: a row must be an object, not a list
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional."
    `);
    expect(await badRow('{"id":"1","varaibles":{}}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: unknown key "varaibles"
        → Did you mean "variables"?"
    `);
    expect(await badRow('{"inputs":"…","targets":"…"}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: unknown key "inputs"
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional. Anything else goes into variables or metadata."
    `);
    expect(await badRow('{"variables":{}}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: "id" is missing
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional. Every row needs an id of its own."
    `);
    expect(await badRow('{"id":17,"variables":{}}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: "id" must be a text that is not empty, not a number
        → Write it in quotes: "id": "17"."
    `);
    expect(await badRow('{"id":"","variables":{}}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: "id" must be a text that is not empty, not an empty text
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional."
    `);
    expect(await badRow('{"id":"1"}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: "variables" is missing; it must be an object with the values for the template
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional."
    `);
    expect(await badRow('{"id":"1","variables":[]}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: "variables" must be an object with the values for the template, not a list
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional."
    `);
    expect(await badRow('{"id":"1","variables":{},"target":null}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: "target" must be a text or a list of texts, not null
        → Leave target out where a row has no reference answer."
    `);
    expect(await badRow('{"id":"1","variables":{},"target":{"a":1}}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: "target" must be a text or a list of texts, not an object
        → Write structured references as JSON text: "target": "{\\"…\\": …}"."
    `);
    expect(await badRow('{"id":"1","variables":{},"group":5}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: "group" must be a text that is not empty, not a number
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional."
    `);
    expect(await badRow('{"id":"1","variables":{},"metadata":true}')).toMatchInlineSnapshot(`
      "rows.jsonl:1: "metadata" must be an object, not a boolean
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional."
    `);
  });

  it('refuses a row that lacks a variable of the template', async () => {
    const dataset = fileDataset(
      file('{"id":"1","variables":{"text":""}}\n{"id":"2","variables":{"txt":"","title":""}}\n'),
    );
    expect(await problem(dataset.check([variable('text')]))).toMatchInlineSnapshot(`
      "rows.jsonl:2: the variable "text" is missing, which prompt.hbs:3:5 uses
        → Did you mean "txt"? The row has: txt, title."
    `);
    const empty = fileDataset(file('{"id":"1","variables":{}}'));
    expect(await problem(empty.check([variable('text')]))).toMatchInlineSnapshot(`
      "rows.jsonl:1: the variable "text" is missing, which prompt.hbs:3:5 uses
        → The row has no variables. Where it has no value, write null."
    `);
    const inherited = fileDataset(file('{"id":"1","variables":{"x":1}}'));
    expect(await problem(inherited.check([variable('toString')]))).toMatch('the variable "toString" is missing');
  });

  it('refuses an id that stands twice, naming both lines', async () => {
    const rows = ['一', '二', '三', '一'].map((id) => `{"id":"${id}","variables":{}}\n\n`);
    expect(await problem(fileDataset(file(rows.join(''))).check([]))).toMatchInlineSnapshot(`
      "rows.jsonl:7: the id "一" is already that of line 1
        → Ids must be unique in a dataset: results are kept by id."
    `);
  });

  it('never takes a collision of hashes for a duplicate', async () => {
    // A hash with 4 values, and one with 1: rows collide all the time.
    for (const buckets of [4, 1]) {
      const table = () =>
        new KeyTable((key, seed) => (key.length > 1 ? murmur3(key, seed) : key.charCodeAt(0) % buckets));
      const path = file(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => `{"id":"${id}","variables":{}}\n`).join(''));
      const fail = (error: Error) => {
        throw error;
      };
      expect((await checkFile(path, [], fail, table())).samples).toBe(6);
      const twice = file('{"id":"e","variables":{}}\n{"id":"a","variables":{}}\n{"id":"a","variables":{}}\n');
      expect(await problem(checkFile(twice, [], fail, table()))).toMatch(
        'rows.jsonl:3: the id "a" is already that of line 2',
      );
    }
  });

  it('finds exactly the duplicates that a set finds', async () => {
    const ids = fc.array(fc.constantFrom('a', 'b', '会', '😀', 'aa', ' '), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(ids, async (list) => {
        const path = file(list.map((id) => `${JSON.stringify({ id, variables: {} })}\n`).join(''));
        let duplicates = 0;
        const { samples } = await checkFile(path, [], () => {
          duplicates += 1;
        });
        expect(duplicates).toBe(list.length - new Set(list).size);
        expect(samples).toBe(new Set(list).size);
      }),
      { numRuns: 50 },
    );
  });

  it('goes on after a bad row when asked to', async () => {
    const problems: string[] = [];
    const path = file('{"id":"1","variables":{}}\n{"id":2}\nx\n{"id":"3","variables":{}}\n');
    const summary = await checkFile(path, [], ({ location }) => problems.push(`${location?.line}`));
    expect(problems).toEqual(['2', '3']);
    expect(summary.samples).toBe(2);
  });

  it('says when there is no file', async () => {
    expect(await problem(fileDataset(join(folder, 'none.jsonl')).check([]))).toBe('none.jsonl: there is no such file');
  });
});

describe('rows from code', () => {
  const rows: SampleRow[] = [
    { id: '1', variables: { a: '一' }, target: 'x' },
    { id: '2', variables: { a: '二', more: undefined } },
  ];

  it('are samples like those of a file', async () => {
    const dataset = rowsDataset(rows);
    expect((await collect(dataset.samples())).map(({ id, targets }) => [id, targets])).toEqual([
      ['1', ['x']],
      ['2', []],
    ]);
    expect(dataset.file).toBe('(code)');
    const fromFile = fileDataset(file(rows.map((row) => `${JSON.stringify(row)}\n`).join('')));
    expect(await dataset.check([variable('a')])).toEqual(await fromFile.check([variable('a')]));
  });

  it('are checked like those of a file, with their place in the list', async () => {
    const check = (list: unknown[]) => problem(rowsDataset(list as SampleRow[], 'mine.mjs').check([variable('a')]));
    expect(await check([rows[0], rows[0]])).toMatchInlineSnapshot(`
      "mine.mjs: row 2: the id "1" is already that of row 1
        → Ids must be unique in a dataset: results are kept by id."
    `);
    expect(await check([rows[0], { id: '2', variables: {} }])).toMatchInlineSnapshot(`
      "mine.mjs: row 2: the variable "a" is missing, which prompt.hbs:3:5 uses
        → The row has no variables. Where it has no value, write null."
    `);
    expect(await check([null])).toMatchInlineSnapshot(`
      "mine.mjs: row 1: a row must be an object, not null
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional."
    `);
    expect(await check([{ id: '1', variables: { a: () => 'x' } }])).toMatchInlineSnapshot(
      `"mine.mjs: row 1: variables.a is not plain JSON data"`,
    );
    expect(await check([{ id: '1', variables: { a: [1, Number.NaN] } }])).toMatchInlineSnapshot(
      `"mine.mjs: row 1: variables.a.1 is not plain JSON data"`,
    );
    expect(await check([{ id: '1', variables: { a: new Date(0) } }])).toMatchInlineSnapshot(
      `"mine.mjs: row 1: variables.a is not plain JSON data"`,
    );
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(await check([{ id: '1', variables: cycle }])).toMatch(
      /^mine.mjs: row 1: variables(\.self){100} is not plain JSON/,
    );
    expect(await check([() => 1])).toMatchInlineSnapshot(`"mine.mjs: row 1: the row is not plain JSON data"`);
  });
});
