import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunError, UsageError } from '../../src/errors.js';
import { csv, csvCell } from '../../src/report/csv.js';
import { reportFormatFor, reportFormats, writeReport } from '../../src/report/formats.js';
import { json, jsonReport } from '../../src/report/json.js';
import { jsonl } from '../../src/report/jsonl.js';
import { junit, xmlText } from '../../src/report/junit.js';
import { markdown, markdownText } from '../../src/report/markdown.js';
import type { ReportFormat, ReportInput } from '../../src/report/types.js';
import type { SampleResult } from '../../src/run/types.js';
import { temporaryFolder } from '../support/folder.js';
import { reportInput, samplesOf, tasks } from './data.js';

async function textOf(format: ReportFormat, input: ReportInput): Promise<string> {
  let text = '';
  for await (const piece of format.write(input)) text += piece;
  return text;
}

/** The same run with other results. */
function withResults(results: readonly SampleResult[]): ReportInput {
  return {
    ...reportInput(),
    async *results() {
      yield* results;
    },
  };
}

const [meeting] = tasks.filter((task) => task.id === 'meeting-summary');
const [first] = samplesOf(meeting!, 1);

function answering(text: string): SampleResult {
  return { ...first!, generation: { ...first!.generation, ok: true, text } as SampleResult['generation'] };
}

/** RFC 4180, read one character after another. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',' || character === '\n') {
      rows.at(-1)!.push(cell);
      cell = '';
      if (character === '\n') rows.push([]);
    } else if (character !== '\r') cell += character;
  }
  return rows.slice(0, -1);
}

const awkward = fc.string({
  unit: fc.constantFrom(
    '"',
    ',',
    '\r',
    '\n',
    ';',
    "'",
    '会',
    '😀',
    '=',
    '-',
    'a',
    ' ',
    '<',
    '&',
    '|',
    '\u0000',
    '\uD800',
  ),
  maxLength: 20,
});

describe('the JSON report', () => {
  it('is one document with an interval on every metric', async () => {
    const input = { ...reportInput(), gate: { asked: true, passed: false, failures: ['x is under 1'] } };
    const document = JSON.parse(await textOf(json, input));
    expect(Object.keys(document)).toEqual(['run', 'directory', 'judge', 'runtime', 'tasks', 'gate', 'notices']);
    const task = document.tasks[2];
    expect(task).toMatchObject({
      task: 'meeting-summary',
      n: 50,
      unscored: 3,
      failed: 1,
      missing: 0,
      primary: 'llm-judge',
    });
    expect(Object.keys(task.metrics['llm-judge'])).toEqual(['mean', 'ci95', 'n']);
    expect(task.metrics['llm-judge']).toMatchObject({ n: 47, ci95: [expect.any(Number), expect.any(Number)] });
    expect(task.unscoredReasons['rouge: generation failed: no answer within 120 s']).toBe(1);
    expect(document.gate).toEqual({ passed: false, failures: ['x is under 1'] });
  });

  it('leaves out the options of runtimes, which may hold secrets', () => {
    const { summary } = reportInput();
    const options = { headers: { authorization: 'Bearer secret' } };
    const judge = { kind: 'model', runtime: 'openai', options, info: { model: 'qwen-max' } } as const;
    const text = JSON.stringify(
      jsonReport(
        { ...summary, judge, runtime: { ...summary.runtime, options } },
        { asked: false, passed: true, failures: [] },
      ),
    );
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toMatchObject({ judge: { kind: 'model', runtime: 'openai' }, gate: null });
  });
});

describe('the JSON Lines report', () => {
  it('has a line for each sample, with output and scores in full', async () => {
    const lines = (await textOf(jsonl, reportInput())).trimEnd().split('\n');
    expect(lines).toHaveLength(126);
    const answered = JSON.parse(lines[24]!);
    expect(answered).toMatchObject({ task: 'meeting-summary', id: 'meeting-summary-001', epoch: 1, error: null });
    expect(answered.output).toContain('概要');
    expect(answered.scores['llm-judge']).toMatchObject({ metrics: { fluency: expect.any(Number) } });
    const failed = lines.map((line) => JSON.parse(line)).find(({ error }) => error !== null);
    expect(failed).toMatchObject({ output: null, error: { kind: 'timeout' }, attempts: 6 });
  });
});

describe('the CSV report', () => {
  it('has a byte order mark, a column for each metric, and an empty cell for what is unscored', async () => {
    const text = await textOf(csv, reportInput());
    expect(text.startsWith('\uFEFFtask,id,epoch,llm-judge,')).toBe(true);
    const [header, ...rows] = readCsv(text.slice(1));
    expect(rows).toHaveLength(126);
    for (const row of rows) expect(row).toHaveLength(header!.length);
    const column = (name: string): number => header!.indexOf(name);
    const unscored = rows.find((row) => row[1] === 'meeting-summary-017')!;
    expect(unscored[column('llm-judge')]).toBe('');
    expect(unscored[column('llm-judge.fluency')]).toBe('');
    expect(Number(unscored[column('rouge.rouge1.recall')])).toBeGreaterThan(0);
    expect(unscored[column('unscored')]).toBe(
      'llm-judge: reply holds no verdict: it stops in the middle of the object',
    );
    const failed = rows.find((row) => row[column('error')] !== '')!;
    expect(failed[column('error')]).toBe('timeout: no answer within 120 s');
  });

  it('gives back any text, line breaks and quotes included', () => {
    fc.assert(
      fc.property(awkward, awkward, (a, b) => {
        const [row, ...more] = readCsv(`${csvCell(a)},${csvCell(b)}\r\n`);
        expect(more).toEqual([]);
        expect(row).toHaveLength(2);
        expect([a, `'${a}`]).toContain(row![0]);
        expect([b, `'${b}`]).toContain(row![1]);
      }),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd|x', "'+cmd|x"],
    ['-1+1', "'-1+1"],
    ['- 第一点', "'- 第一点"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1', "'＝1"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ['-1.5', '-1.5'],
    ['+3', '+3'],
    ['-1e-7', '-1e-7'],
    ['a=b', 'a=b'],
  ])('takes %j for text, unless it is a number', (input, cell) => {
    expect(csvCell(input)).toBe(cell);
  });
});

describe('the Markdown report', () => {
  it('has a bilingual table, the reasons, the model and what the baseline is', async () => {
    const text = await textOf(markdown, reportInput());
    expect(text).toMatch(/\| Task 任务 \| n \| Score 得分 \|/);
    expect(text).toMatch(
      /\| Meeting summary 会议摘要 \| 50 \| \*\*6\.79\*\* \[6\.55, 7\.02\] \| by llm-judge \(baseline\): faithful/,
    );
    expect(text).toMatch(/\| Email thread summary \| 12 \|/);
    expect(text).toContain(
      '- meeting-summary: 2 × `llm-judge: reply holds no verdict: it stops in the middle of the object`',
    );
    expect(text).toContain('recorded outputs of gemma-3-270m-it, Q4\\_K\\_M');
    expect(text).toContain('not of a language model');
    expect(text).toContain('不是语言模型给出的评分');
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    const cells = rows.map((row) => row.replaceAll('\\|', '').split('|').length);
    expect(new Set(cells)).toEqual(new Set([10]));
  });

  it('tells the gate, a judge that is a model, notices and what is missing', async () => {
    const { summary, ...rest } = reportInput();
    const judge = { kind: 'model', runtime: 'openai', options: {}, info: { model: 'qwen-max' } } as const;
    const [task] = summary.tasks;
    const bare = {
      ...task!,
      missing: 3,
      primary: 'bleu',
      usage: { ...task!.usage, promptTokens: 0, completionTokens: 0 },
      timings: { ...task!.timings, totalMs: null },
    };
    const changed = { ...summary, judge, tasks: [bare], complete: false, notices: ['a | b'] };
    const failed = await textOf(markdown, {
      ...rest,
      summary: changed,
      gate: { asked: true, passed: false, failures: ['x <5'] },
    });
    expect(failed).toContain('**Gate 门禁: failed 未通过**\n\n- x &#60;5\n');
    expect(failed).toContain('- **Judge 评委**: qwen-max');
    expect(failed).toContain('- **Note 提示**: a \\| b');
    expect(failed).toContain('| 12 of 15 | **no score** |');
    expect(failed).toContain('The run is not complete');
    expect(failed).not.toContain('<details>');
    const passed = await textOf(markdown, { ...rest, summary, gate: { asked: true, passed: true, failures: [] } });
    expect(passed).toContain('passed 通过');
    const unjudged = { ...rest.manifest, tasks: [{ ...tasks[4]!, rubric: undefined }] };
    expect(await textOf(markdown, { ...rest, summary, manifest: unjudged })).not.toContain('Judge 评委');
  });

  it('shows text from models as text', () => {
    expect(markdownText('a|b\n<img> @user `x` [y](z) *b* C:\\')).toBe(
      'a\\|b &#60;img&#62; &#64;user \\`x\\` \\[y\\](z) \\*b\\* C:\\\\',
    );
  });

  it('keeps a reason in its code span, whatever back-ticks it has', async () => {
    const { summary, ...rest } = reportInput();
    const [task] = summary.tasks;
    const text = await textOf(markdown, {
      ...rest,
      summary: { ...summary, tasks: [{ ...task!, unscoredReasons: { 'a `` b @x': 1 } }] },
    });
    expect(text).toContain('1 × ``` a `` b @x ```');
  });
});

const python = spawnSync('python3', ['-c', 'import xml.etree']).status === 0;
const READ_XML = `
import json, sys
from xml.etree import ElementTree
root = ElementTree.parse(sys.stdin.buffer).getroot()
def walk(e): return {"tag": e.tag, "attributes": e.attrib, "text": e.text, "children": [walk(c) for c in e]}
print(json.dumps(walk(root)))
`;

interface XmlElement {
  tag: string;
  attributes: Record<string, string>;
  text: string | null;
  children: XmlElement[];
}

/** Read by a parser that is not ours. */
function readXml(text: string): XmlElement {
  return JSON.parse(execFileSync('python3', ['-c', READ_XML], { input: text, encoding: 'utf8' }));
}

describe('the JUnit report', () => {
  it.runIf(python)('is XML with a suite for each task and a case for each sample', async () => {
    const root = readXml(
      await textOf(junit, { ...reportInput(), thresholds: [{ task: 'meeting-summary', min: 6 }, { min: 2 }] }),
    );
    expect(root.tag).toBe('testsuites');
    expect(root.attributes).toMatchObject({ tests: '126', errors: '1', skipped: '2' });
    expect(root.children.map(({ attributes }) => attributes.name)).toEqual(tasks.map((task) => task.id));
    for (const suite of root.children) {
      const kinds = suite.children.map(({ children }) => children[0]!.tag);
      const count = (tag: string): string => String(kinds.filter((kind) => kind === tag).length);
      expect(suite.attributes).toMatchObject({
        tests: String(kinds.length),
        failures: count('failure'),
        errors: count('error'),
        skipped: count('skipped'),
      });
    }
    const suite = root.children[2]!;
    expect(Number(suite.attributes.failures)).toBeGreaterThan(0);
    for (const { children } of suite.children) {
      const under = Number(/llm-judge=(\d+)/.exec(children.at(-1)!.text ?? '')?.[1] ?? 99) < 6;
      expect(children[0]!.tag === 'failure').toBe(under);
    }
    expect(suite.children[16]!.children[0]).toMatchObject({
      tag: 'skipped',
      attributes: { message: 'reply holds no verdict: it stops in the middle of the object' },
    });
    expect(suite.children[22]!.children[0]!.attributes).toEqual({ message: 'no answer within 120 s', type: 'timeout' });
  });

  it('fails no sample without a threshold on its primary', async () => {
    const text = await textOf(junit, {
      ...reportInput(),
      thresholds: [
        { metric: 'rouge', min: 99 },
        { task: 'x', min: 99 },
      ],
    });
    expect(text).not.toContain('<failure');
    expect(text).toContain('failures="0"');
  });

  it('numbers repeats, counts only tasks of the run, and skips what has no score', async () => {
    const stranger = { ...first!, task: 'unknown' };
    const unscored = { ...first!, epoch: 2, scores: {} };
    const { manifest, ...rest } = withResults([first!, unscored, stranger]);
    const text = await textOf(junit, { ...rest, manifest: { ...manifest, repeat: 2 } });
    expect(text).toContain('name="meeting-summary-001 #2"');
    expect(text).toContain('<skipped message="no score was recorded"/>');
    expect(text).toMatch(/<testsuites [^>]*tests="2"/);
  });

  it.runIf(python)('is XML whatever the texts are', () => {
    const text = awkward.filter((value) => !value.includes('\uD800'));
    const texts = fc.sample(fc.oneof(text, fc.constantFrom('\u0007', '\uFFFE', ']]>', '\uDC00x', '\u{10FFFF}')), 200);
    const body = texts.map((value) => `<a b="${xmlText(value)}">${xmlText(value)}</a>`).join('');
    const { children } = readXml(`<?xml version="1.0" encoding="UTF-8"?>\n<r>${body}</r>`);
    const valid = (value: string): string =>
      value.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
    expect(children.map((child) => [child.attributes.b, child.text ?? ''])).toEqual(
      texts.map((value) => [valid(value), valid(value)]),
    );
  });
});

describe('a report file', () => {
  it.each(Object.keys(reportFormats))('%s is written whole, with nothing left beside it', async (extension) => {
    const folder = temporaryFolder();
    const file = join(folder, 'reports', `结果${extension.toUpperCase()}`);
    await writeReport(file, reportInput());
    expect(readdirSync(join(folder, 'reports'))).toEqual([`结果${extension.toUpperCase()}`]);
    expect(readFileSync(file, 'utf8')).toBe(await textOf(reportFormats[extension]!, reportInput()));
  });

  it('takes the place of the one before', async () => {
    const file = join(temporaryFolder(), 'a.json');
    writeFileSync(file, 'old');
    await writeReport(file, reportInput());
    expect(readFileSync(file, 'utf8')).toMatch(/^{/);
  });

  it('is absent, or still the old one, when writing stops half-way', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'a.jsonl');
    writeFileSync(file, 'old');
    const broken: ReportInput = {
      ...reportInput(),
      async *results() {
        for (let i = 0; i < 500; i++) yield answering('长'.repeat(1000));
        throw new RunError('line 501 of the run is no record');
      },
    };
    await expect(writeReport(file, broken)).rejects.toThrow('line 501 of the run is no record');
    expect(readdirSync(folder)).toEqual(['a.jsonl']);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  it('that cannot be written is an error with its path', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'taken.json'));
    writeFileSync(join(folder, 'file'), '');
    for (const file of [join(folder, 'taken.json'), join(folder, 'file', 'a.json')]) {
      const error: unknown = await writeReport(file, reportInput()).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RunError);
      expect(error).toMatchObject({ location: { file }, hint: expect.any(String) });
    }
    expect(readdirSync(folder).sort()).toEqual(['file', 'taken.json']);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'in a folder that is read-only says what to do',
    async () => {
      const folder = temporaryFolder();
      chmodSync(folder, 0o555);
      const error: unknown = await writeReport(join(folder, 'a.md'), reportInput()).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ hint: expect.stringContaining('that you may write to') });
    },
  );

  it.each(['results.xlsx', 'results', 'results.toString', '.json'])('%s names no format', (file) => {
    expect(() => reportFormatFor(file)).toThrow(UsageError);
    expect(() => reportFormatFor(file)).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/\.json .*\.jsonl .*\.csv .*\.md .*\.xml/) }),
    );
  });
});
