import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import replay from '../../../runtimes/replay/index.js';
import { DatasetError, RuntimeError } from '../../../src/errors.js';
import type { Executor, Generation } from '../../../src/runtime/types.js';
import { forever, open, rejection } from '../helpers.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(text: string | Buffer, name = 'outputs.jsonl'): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const rows = (...list: unknown[]) => write(list.map((row) => `${JSON.stringify(row)}\n`).join(''));
const replaying = (outputs: string) => open(replay, { outputs });

function get(executor: Executor, id: string, task = 'task', epoch = 1): Promise<Generation> {
  return executor.generate({ messages: [], sample: { task, id, epoch } }, forever);
}

describe('a recorded output', () => {
  it('is found by its id', async () => {
    const executor = await replaying(
      rows({ id: 'a', output: '一' }, { id: '会议-1', output: '二 🌏' }, { id: 'c', output: '' }),
    );
    expect(await get(executor, '会议-1')).toEqual({ text: '二 🌏', finishReason: 'stop', timings: {} });
    expect((await get(executor, 'a')).text).toBe('一');
    expect((await get(executor, 'c')).text).toBe('');
  });

  it('keeps what was measured when it was recorded', async () => {
    const usage = { promptTokens: 40, completionTokens: 9 };
    const timings = { totalMs: 812.5, firstTokenMs: 90, decodeTokensPerSecond: 24.4 };
    const executor = await replaying(rows({ id: 'a', output: 'x', finishReason: 'length', usage, timings }));
    expect(await get(executor, 'a')).toEqual({ text: 'x', finishReason: 'length', usage, timings });
  });

  it('serves every repeat, unless the lines name theirs', async () => {
    const any = await replaying(rows({ id: 'a', output: 'x' }));
    expect((await get(any, 'a', 'task', 3)).text).toBe('x');
    const each = await replaying(rows({ id: 'a', epoch: 1, output: 'x1' }, { id: 'a', epoch: 2, output: 'x2' }));
    expect((await get(each, 'a', 'task', 2)).text).toBe('x2');
    expect((await get(each, 'a', 'task', 1)).text).toBe('x1');
    expect(await rejection(get(each, 'a', 'task', 3))).toMatchObject({ kind: 'missing' });
  });

  it('serves every task, unless the lines name theirs', async () => {
    const each = await replaying(rows({ task: 't1', id: 'a', output: 'x1' }, { task: 't2', id: 'a', output: 'x2' }));
    expect((await get(each, 'a', 't2')).text).toBe('x2');
    expect((await get(each, 'a', 't1')).text).toBe('x1');
    expect(await rejection(get(each, 'a', 't3'))).toMatchObject({ kind: 'missing' });
  });

  it('that is missing fails this sample only, and says which it is', async () => {
    const file = rows({ id: 'a', output: 'x' });
    const executor = await replaying(file);
    const error = (await rejection(get(executor, 'b', 'call-summary', 2))) as RuntimeError;
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error).toMatchObject({ kind: 'missing', retryable: false, location: { file } });
    expect(error.message).toBe('no output is recorded for this sample (task call-summary, id b, repeat 2)');
    expect(error.hint).toBe('Add a line: {"id":"b","output":"…"}');
    expect((await get(executor, 'a')).text).toBe('x');
  });
});

describe('lines of other files', () => {
  const key = { task: 't', id: 'a', epoch: 1 };
  const measured = { finishReason: 'length', usage: { promptTokens: 1, completionTokens: 2 }, timings: { totalMs: 5 } };
  const expected = { text: '答案', ...measured };

  it("may be a run's records", async () => {
    const executor = await replaying(
      rows(
        { stage: 'generation', ...key, at: 1, attempts: 1, ok: true, text: '答案', ...measured },
        { stage: 'scores', ...key, scores: { rouge: { value: 0.5 } } },
      ),
    );
    expect(await get(executor, 'a', 't')).toEqual(expected);
  });

  it('may be a report of a run', async () => {
    const executor = await replaying(
      rows({ ...key, group: 'a', output: '答案', error: null, ...measured, attempts: 1, scores: {} }),
    );
    expect(await get(executor, 'a', 't')).toEqual(expected);
  });

  it('may tell of a failure, which is missing with its reason', async () => {
    const error = { kind: 'timeout', message: 'no answer within 120 s' };
    const executor = await replaying(
      rows(
        { stage: 'generation', ...key, attempts: 6, ok: false, error },
        { stage: 'generation', ...key, id: 'b', attempts: 1, ok: true, text: 'x', finishReason: 'stop', timings: {} },
      ),
    );
    expect(await rejection(get(executor, 'a', 't'))).toMatchObject({
      kind: 'missing',
      message: 'the recorded generation failed: no answer within 120 s',
    });
    const report = await replaying(rows({ ...key, output: null, error, scores: {} }));
    expect(await rejection(get(report, 'a', 't'))).toMatchObject({
      kind: 'missing',
      message: expect.stringContaining('120 s'),
    });
  });

  it('may tell of a failure and later of the answer, in either order', async () => {
    const failed = { stage: 'generation', ...key, ok: false, error: { kind: 'timeout', message: 'late' } };
    const answered = { stage: 'generation', ...key, ok: true, text: 'x', finishReason: 'stop', timings: {} };
    const filler = Array.from({ length: 3000 }, (_, index) => ({
      ...answered,
      id: `other-${index}`,
      text: 'y'.repeat(500),
    }));
    for (const list of [
      [failed, answered],
      [answered, failed],
      [failed, ...filler, answered],
    ]) {
      const executor = await replaying(rows(...list));
      expect((await get(executor, 'a', 't')).text).toBe('x');
    }
  });
});

describe('order and size', () => {
  it('make no difference, and no answer is mixed up', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '会', '🌏', '\n', '"', '\\', '\u0000'), maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          text.filter((id) => id !== ''),
          { minLength: 1, maxLength: 40 },
        ),
        fc.constantFrom('\n', '\r\n', '\n\n'),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        async (ids, ending, bom, random) => {
          const lines = ids.map((id) =>
            JSON.stringify({ id, output: `answer to ${id}`.repeat(1 + (id.length % 400)) }),
          );
          const executor = await replaying(write(`${bom ? '\uFEFF' : ''}${lines.join(ending)}`));
          const asked = [...ids, ...ids].sort(() => (random.next().value % 2) - 0.5);
          const answers = await Promise.all(asked.map((id) => get(executor, id)));
          expect(answers.map((answer) => answer.text)).toEqual(
            asked.map((id) => `answer to ${id}`.repeat(1 + (id.length % 400))),
          );
          await executor.close();
        },
      ),
      { numRuns: 50 },
    );
  });

  const many = 20_000;
  const answerTo = (index: number) => `第${index}条：会议讨论了产品的发布时间。`.repeat(1 + (index % 9));
  const file = () => {
    const lines = Array.from({ length: many }, (_, index) =>
      JSON.stringify({ id: `s-${index}`, output: answerTo(index) }),
    );
    return write(lines.join('\n'));
  };

  it('is quick in the order of the file', async () => {
    const executor = await replaying(file());
    const before = process.cpuUsage();
    for (let index = 0; index < many; index++) {
      expect((await get(executor, `s-${index}`)).text.length).toBe(answerTo(index).length);
    }
    const { user, system } = process.cpuUsage(before);
    // 110 ms of processor time for the replay alone; the bound is loose because the machine may be busy.
    expect((user + system) / 1000).toBeLessThan(1500);
  });

  it('finds all in reverse, and what was never recorded is missed once the end has been read', async () => {
    const executor = await replaying(file());
    expect(await rejection(get(executor, 'never'))).toMatchObject({ kind: 'missing' });
    for (let index = many - 1; index >= 0; index -= 7) {
      expect((await get(executor, `s-${index}`)).text).toBe(answerTo(index));
    }
  });

  it('lets one line be longer than any buffer, also when it is read again', async () => {
    const long = '长'.repeat(400_000);
    const filler = Array.from({ length: 2000 }, (_, index) => ({ id: `filler-${index}`, output: 'y'.repeat(900) }));
    const executor = await replaying(
      rows({ id: 'a', output: long }, { id: 'b', output: 'x' }, ...filler, { id: 'c', output: long }),
    );
    expect(await rejection(get(executor, 'd'))).toMatchObject({ kind: 'missing' });
    for (const [id, text] of [
      ['c', long],
      ['a', long],
      ['b', 'x'],
      ['a', long],
    ] as const) {
      expect((await get(executor, id)).text === text).toBe(true);
    }
  });
});

describe('a broken file', () => {
  const problem = async (file: string): Promise<DatasetError> => {
    const error = await rejection(replaying(file).then((executor) => get(executor, 'zzz')));
    expect(error).toBeInstanceOf(DatasetError);
    return error as DatasetError;
  };

  it.each([
    ['{"id":"a","output":"x"}\n{"id":"b","output":', 2, 'not valid JSON'],
    ['[]', 1, 'must hold an object'],
    ['7', 1, 'must hold an object'],
    ['{"output":"x"}', 1, '`id` must be'],
    ['{"id":7,"output":"x"}', 1, '`id` must be'],
    ['{"id":"","output":"x"}', 1, '`id` must be'],
    ['{"id":"a"}', 1, '`output` of "a"'],
    ['{"id":"a","text":"x"}', 1, '`output` of "a"'],
    ['{"id":"a","output":null}', 1, '`output` of "a"'],
    ['{"id":"a","output":["x"]}', 1, '`output` of "a"'],
    ['{"id":"a","task":1,"output":"x"}', 1, '`task` of "a"'],
    ['{"id":"a","epoch":0,"output":"x"}', 1, '`epoch` of "a"'],
    ['{"id":"a","output":"x","usage":{"promptTokens":1}}', 1, '`usage`'],
    ['{"id":"a","output":"x","timings":{"totalMs":"fast"}}', 1, 'timings.totalMs'],
    [
      '{"id":"a","output":"x"}\n\n{"id":"b","task":"t","output":"y"}',
      3,
      'names its `task`, and the lines before do not',
    ],
    ['{"id":"a","epoch":1,"output":"x"}\n{"id":"b","output":"y"}', 2, 'does not name its `epoch`'],
  ])('%s', async (text, line, message) => {
    const file = write(text);
    const error = await problem(file);
    expect(error.location).toEqual({ file, line });
    expect(error.message).toContain(message);
  });

  it('with two outputs for a sample is refused, naming both lines', async () => {
    const error = await problem(rows({ id: 'a', output: 'x' }, { id: 'b', output: 'y' }, { id: 'a', output: 'z' }));
    expect(error.message).toBe('"a" is recorded twice, here and in line 1');
    expect(error.location?.line).toBe(3);
  });

  it('with nothing in it is refused when it is opened', async () => {
    for (const text of ['', '\n\n', '{"stage":"scores","task":"t","id":"a","epoch":1,"scores":{}}\n']) {
      expect(await rejection(replaying(write(text)))).toMatchObject({ message: 'no outputs are recorded here' });
    }
  });

  it('that is not there, or not UTF-8, is refused when it is opened', async () => {
    expect(await rejection(replaying(join(folder, 'absent.jsonl')))).toBeInstanceOf(DatasetError);
    const gbk = Buffer.from([...Buffer.from('{"id":"a","output":"'), 0xc4, 0xe3, ...Buffer.from('"}\n')]);
    expect(await rejection(replaying(write(gbk)))).toMatchObject({ location: { line: 1 } });
  });

  it('that changes while it is in use is noticed', async () => {
    const executor = await replaying(
      rows(...Array.from({ length: 3000 }, (_, i) => ({ id: `s-${i}`, output: 'x'.repeat(900) }))),
    );
    expect(await rejection(get(executor, 'never'))).toMatchObject({ kind: 'missing' });
    write('{}\n');
    expect(await rejection(get(executor, 's-0'))).toBeInstanceOf(DatasetError);
  });
});

describe('where outputs come from', () => {
  it('is read from provenance.json beside them', async () => {
    const provenance = {
      model: 'gemma-3-270m',
      quantization: 'Q4_K_M',
      engine: 'llama.cpp',
      settings: { temperature: 0 },
      note: null,
    };
    write(`\uFEFF${JSON.stringify(provenance)}`, 'provenance.json');
    const executor = await replaying(rows({ id: 'a', output: 'x' }));
    expect(executor.describe()).toEqual({
      model: 'gemma-3-270m',
      quantization: 'Q4_K_M',
      engine: 'llama.cpp',
      settings: '{"temperature":0}',
    });
  });

  it("is read from the run's manifest beside its records", async () => {
    write(
      JSON.stringify({ version: 1, runtime: { runtime: 'openai', options: {}, info: { model: 'qwen' } } }),
      'manifest.json',
    );
    expect((await replaying(rows({ id: 'a', output: 'x' }))).describe()).toEqual({ model: 'qwen' });
  });

  it('is said to be unknown where nothing tells', async () => {
    expect((await replaying(rows({ id: 'a', output: 'x' }))).describe()).toEqual({ model: 'recorded outputs' });
  });

  it('is refused where it cannot be read', async () => {
    const file = write('{"model":', 'provenance.json');
    expect(await rejection(replaying(rows({ id: 'a', output: 'x' })))).toMatchObject({ location: { file } });
  });
});

it('gives nothing once the signal has aborted', async () => {
  const executor = await replaying(rows({ id: 'a', output: 'x' }));
  const request = { messages: [], sample: { task: 't', id: 'a', epoch: 1 } };
  await expect(executor.generate(request, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
