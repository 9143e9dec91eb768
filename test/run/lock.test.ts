import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/errors.js';
import { lockRun } from '../../src/run/lock.js';
import { temporaryFolder } from '../support/folder.js';

describe('lock of a run', () => {
  it('is refused while a living process holds it, naming that process', () => {
    const folder = temporaryFolder();
    const release = lockRun(folder);
    expect(() => lockRun(folder)).toThrow(RunError);
    expect(() => lockRun(folder)).toThrow(`pid ${process.pid}`);
    release();
    lockRun(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that was killed', async () => {
    const folder = temporaryFolder();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: child.pid, host: hostname(), token: 'theirs' }));
    expect(() => lockRun(folder)).toThrow(`pid ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const release = lockRun(folder);
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    release();
  });

  it('is not taken for held when its pid belongs to another process by now', () => {
    const folder = temporaryFolder();
    const stale = { pid: process.pid, host: hostname(), started: '1', token: 'theirs' };
    writeFileSync(join(folder, 'lock'), JSON.stringify(stale));
    if (process.platform === 'linux') lockRun(folder)();
    else expect(() => lockRun(folder)).toThrow(RunError);
  });

  it('is respected across hosts, where nobody can tell whether its owner lives', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 1, host: 'another-host', token: 'theirs' }));
    expect(() => lockRun(folder)).toThrow('another-host');
  });

  it('is taken over when it names nobody', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'lock'), '');
    lockRun(folder)();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it('is given back only by its owner', () => {
    const folder = temporaryFolder();
    const release = lockRun(folder);
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 1, host: 'another-host', token: 'theirs' }));
    release();
    expect(existsSync(join(folder, 'lock'))).toBe(true);
  });
});
