import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunError, UsageError } from '../../src/errors.js';
import {
  createRunDirectory,
  findRun,
  newRunId,
  readManifest,
  readSummary,
  writeManifest,
  writeSummary,
} from '../../src/run/directory.js';
import { recordKey } from '../../src/run/join.js';
import { readEarlierWork } from '../../src/run/resume.js';
import type { Manifest, RunRecord, RunSummary } from '../../src/run/types.js';
import { temporaryFolder } from '../support/folder.js';

const manifest = {
  version: 1,
  id: 'r',
  tasks: [{ id: 't', scorers: ['a', 'b'] }],
  repeat: 1,
} as unknown as Manifest;

const generation = (id: string, ok = true): RunRecord =>
  ok
    ? {
        stage: 'generation',
        task: 't',
        id,
        epoch: 1,
        at: 10,
        attempts: 1,
        ok,
        text: id,
        finishReason: 'stop',
        timings: {},
      }
    : {
        stage: 'generation',
        task: 't',
        id,
        epoch: 1,
        at: 10,
        attempts: 3,
        ok,
        error: { kind: 'server', message: 'no' },
      };
const scores = (id: string, values: Record<string, number | null>): RunRecord => ({
  stage: 'scores',
  task: 't',
  id,
  epoch: 1,
  at: 20,
  scores: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null ? { value, reason: 'why' } : { value }]),
  ),
});

function runWith(records: readonly RunRecord[], tail = ''): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'records.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join('') + tail);
  return folder;
}

describe('what earlier sessions have done', () => {
  it('is finished samples, begun ones with what they have, and a torn line cut off', async () => {
    const folder = runWith(
      [
        { stage: 'session', at: 0 },
        generation('x'),
        scores('x', { a: 1, b: 0 }),
        generation('y'),
        scores('y', { a: 1 }),
      ],
      '{"stage":"scores","task":"t","id":"y"',
    );
    const finished: string[] = [];
    const work = await readEarlierWork(folder, manifest, false, ({ id }) => finished.push(id));
    expect(finished).toEqual(['x']);
    expect(work).toMatchObject({ finished: 1, cutBytes: 37, elapsedMs: 30 });
    expect(work.isDone(recordKey('t', 'x', 1))).toBe(true);
    expect(work.isDone(recordKey('t', 'y', 1))).toBe(false);
    expect(work.partial.get(recordKey('t', 'y', 1))).toMatchObject({
      generation: { id: 'y' },
      scores: { a: { value: 1 } },
    });
  });

  it('adds up the time of sessions and not the time between them', async () => {
    const folder = runWith([
      { stage: 'session', at: 0 },
      { ...generation('x'), at: 100 } as RunRecord,
      { stage: 'session', at: 100_000 },
      { ...scores('x', { a: 1, b: 1 }), at: 100_050 } as RunRecord,
    ]);
    expect((await readEarlierWork(folder, manifest, false, () => {})).elapsedMs).toBe(150);
  });

  it('leaves failures alone, unless they are to be done again', async () => {
    const records = [
      generation('ok'),
      scores('ok', { a: 1, b: 1 }),
      generation('failed', false),
      scores('failed', { a: null, b: null }),
      generation('half'),
      scores('half', { a: 1, b: null }),
    ];
    const kept = await readEarlierWork(runWith(records), manifest, false, () => {});
    expect(kept.finished).toBe(3);
    const folder = runWith(records);
    const again = await readEarlierWork(folder, manifest, true, () => {});
    expect(again.finished).toBe(1);
    expect([...again.partial.keys()]).toEqual([recordKey('t', 'half', 1)]);
    expect(again.partial.get(recordKey('t', 'half', 1))!.scores).toEqual({ a: { value: 1 } });
    expect(readFileSync(join(folder, 'records.jsonl'), 'utf8')).not.toContain('null');
  });

  it('does not take over what a session that died left beside the log', async () => {
    const folder = runWith([generation('ok'), scores('ok', { a: 1, b: 1 })]);
    writeFileSync(join(folder, 'records.jsonl.tmp'), '{"stage":"generation","task":"t","id":"st');
    const work = await readEarlierWork(folder, manifest, true, () => {});
    expect(work).toMatchObject({ finished: 1, cutBytes: 0 });
    expect(readFileSync(join(folder, 'records.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('is nothing before the first record', async () => {
    const work = await readEarlierWork(temporaryFolder(), manifest, false, () => {});
    expect(work).toMatchObject({ finished: 0, cutBytes: 0, elapsedMs: 0 });
    expect(work.isDone('anything')).toBe(false);
  });

  it.each(['{"stage":"other"}', '{"stage"', 'null', '[]'])('refuses a line that is no record: %s', async (line) => {
    const folder = runWith([generation('x')]);
    appendFileSync(join(folder, 'records.jsonl'), `${line}\n`);
    const error = await readEarlierWork(folder, manifest, false, () => {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunError);
    expect((error as RunError).location).toMatchObject({ line: 2 });
  });
});

describe('run directories', () => {
  const now = new Date('2026-01-31T23:59:59Z');

  it('have ids that sort by time and are good file names everywhere', () => {
    const id = newRunId('会议 Meeting: Summary!', now);
    expect(id).toMatch(/^20260131-235959-meeting-summary-[0-9a-f]{4}$/);
    expect(newRunId('', now)).toMatch(/^20260131-235959-[0-9a-f]{4}$/);
  });

  it('are found by path, id, start of an id, or as the newest that is not finished', () => {
    const root = temporaryFolder();
    const directories = ['20260101-a', '20260102-b', '20260103-c'].map((id) => createRunDirectory(root, id));
    for (const directory of directories) writeManifest(directory, manifest);
    writeSummary(directories[2]!, { complete: true } as RunSummary);
    expect(findRun(root)).toBe(directories[1]);
    expect(findRun(root, '20260103-c')).toBe(directories[2]);
    expect(findRun(root, '20260101')).toBe(directories[0]);
    expect(findRun(root, directories[0])).toBe(directories[0]);
    expect(() => findRun(root, '2026')).toThrow('several runs begin with');
    expect(() => findRun(root, 'none')).toThrow(UsageError);
    expect(() => findRun(join(root, 'nowhere'))).toThrow(UsageError);
    writeSummary(directories[0]!, { complete: true } as RunSummary);
    writeSummary(directories[1]!, { complete: true } as RunSummary);
    expect(() => findRun(root)).toThrow('no unfinished run');
  });

  it('are refused when their manifest is missing, broken or from a later version', () => {
    const root = temporaryFolder();
    expect(() => readManifest(root)).toThrow('no run');
    writeFileSync(join(root, 'manifest.json'), '{"version":');
    expect(() => readManifest(root)).toThrow('no run');
    writeFileSync(join(root, 'manifest.json'), '{"version":2,"tasks":[]}');
    expect(() => readManifest(root)).toThrow('version 2');
    writeManifest(root, manifest);
    expect(readManifest(root)).toEqual(manifest);
  });

  it('say where they cannot be made or written', () => {
    const root = temporaryFolder();
    createRunDirectory(root, 'same');
    expect(() => createRunDirectory(root, 'same')).toThrow(RunError);
    expect(() => writeManifest(join(root, 'nowhere'), manifest)).toThrow(RunError);
    expect(readSummary(root)).toBeUndefined();
  });
});
