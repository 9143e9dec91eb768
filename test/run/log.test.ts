import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/errors.js';
import { cutTornLine, openRecordLog } from '../../src/run/log.js';
import { temporaryFolder } from '../support/folder.js';

describe('record log', () => {
  it('has each record on a line of its own as soon as append returns', () => {
    const file = join(temporaryFolder(), 'records.jsonl');
    const log = openRecordLog(file);
    log.append({ stage: 'session', at: 1 }, { stage: 'session', at: 2 });
    log.append({ stage: 'scores', at: 3, task: 't', id: '一😀\n', epoch: 1, scores: {} });
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[2]!)).toMatchObject({ id: '一😀\n' });
    log.close();
  });

  it('goes on after what is there', () => {
    const file = join(temporaryFolder(), 'records.jsonl');
    for (const at of [1, 2]) {
      const log = openRecordLog(file);
      log.append({ stage: 'session', at });
      log.close();
    }
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('refuses to write once it is closed', () => {
    const log = openRecordLog(join(temporaryFolder(), 'records.jsonl'));
    log.close();
    expect(() => log.append({ stage: 'session', at: 1 })).toThrow(RunError);
  });

  it.runIf(process.platform === 'linux')('says what to do when the disk is full', () => {
    const log = openRecordLog('/dev/full');
    let caught: unknown;
    try {
      log.append({ stage: 'session', at: 1 });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(RunError);
    expect((caught as RunError).describe()).toMatch(/no space left.*\(ENOSPC\)[\s\S]*judge --resume/);
  });

  it.runIf(process.platform !== 'win32')('keeps whole lines only when a write is cut short by a limit', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'records.jsonl');
    const built = new URL('../../dist/src/run/log.js', import.meta.url).href;
    const script = `
      import { openRecordLog } from ${JSON.stringify(built)};
      const log = openRecordLog(process.argv[1]);
      try {
        for (let at = 0; ; at++) log.append({ stage: 'session', at, padding: 'x'.repeat(300) });
      } catch (error) {
        console.log(error.name, error.message);
      }`;
    // A file-size limit stops a write half-way, as a full disk does, and needs no disk of its own.
    const child = spawnSync(
      'bash',
      ['-c', 'ulimit -f 8; exec "$0" --input-type=module -e "$1" "$2"', process.execPath, script, file],
      { encoding: 'utf8' },
    );
    expect(child.stdout).toMatch(/^RunError no space left/);
    const text = readFileSync(file, 'utf8');
    expect(text.length).toBeGreaterThan(4000);
    expect(text.endsWith('\n')).toBe(true);
    expect(() =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).not.toThrow();
  });
});

describe('cutting a torn last line', () => {
  it('keeps whole lines and says how much it cut', () => {
    const file = join(temporaryFolder(), 'records.jsonl');
    writeFileSync(file, '{"a":1}\n{"b":2}\n{"c":');
    expect(cutTornLine(file)).toBe(5);
    expect(readFileSync(file, 'utf8')).toBe('{"a":1}\n{"b":2}\n');
    expect(cutTornLine(file)).toBe(0);
  });

  it('cuts a line longer than it reads at once', () => {
    const file = join(temporaryFolder(), 'records.jsonl');
    writeFileSync(file, '{"a":1}\n');
    appendFileSync(file, 'x'.repeat(200_000));
    expect(cutTornLine(file)).toBe(200_000);
    expect(statSync(file).size).toBe(8);
  });

  it('empties a file that holds no whole line', () => {
    const file = join(temporaryFolder(), 'records.jsonl');
    writeFileSync(file, '{"a"');
    expect(cutTornLine(file)).toBe(4);
    expect(statSync(file).size).toBe(0);
  });
});
