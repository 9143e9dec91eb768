import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startChatServer } from '../support/chat-server.mjs';
import { temporaryFolder } from '../support/folder.js';
import { judge } from '../support/judge.js';
import { numberedSamples, writeTask } from '../support/project.js';

const VERDICT = JSON.stringify({
  reason: '要点齐全。',
  scores: { faithfulness: 9, completeness: 7, conciseness: 8, fluency: 9, 'instruction-following': 8 },
  overall: 8,
});

function recordedProject(outputs: Record<string, string> = { 's-0': '好的', 's-1': '不好', 's-2': '好的' }): string {
  const folder = temporaryFolder();
  writeTask(folder, { samples: numberedSamples(3), recorded: outputs });
  return folder;
}

describe('the main command', () => {
  it('scores the built-in recorded outputs in an empty folder, and says that the baseline is no language model', async () => {
    const { code, stdout, stderr } = await judge(temporaryFolder(), ['--rubric', 'summarization', '--no-progress']);
    expect(code, stderr).toBe(0);
    for (const title of ['会议摘要', '通话摘要', '录音摘要', '文档摘要', 'Email thread summary'])
      expect(stdout).toContain(title);
    expect(stdout).toMatch(/baseline/);
    expect(stdout).toContain('--judge openai:MODEL');
    expect(stdout).toMatch(/gemma/i);
  });

  it('prints one JSON document and nothing else with --json', async () => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await judge(folder, ['--rubric', 'summarization', '--json']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const document = JSON.parse(stdout);
    expect(document.judge).toEqual({ kind: 'baseline' });
    expect(document.tasks).toHaveLength(5);
    for (const task of document.tasks) {
      expect(task).toMatchObject({ n: 12, unscored: 0, failed: 0, primary: 'llm-judge' });
      const { mean, ci95, n } = task.metrics['llm-judge'];
      expect(n).toBe(12);
      expect(mean).toBeGreaterThanOrEqual(1);
      expect(mean).toBeLessThanOrEqual(10);
      expect(ci95[0]).toBeLessThanOrEqual(mean);
      expect(ci95[1]).toBeGreaterThanOrEqual(mean);
    }
    expect(existsSync(join(document.directory, 'records.jsonl'))).toBe(true);
  });

  it('runs a model and a judge on any OpenAI-compatible server', async () => {
    const folder = temporaryFolder();
    writeTask(folder, { samples: numberedSamples(5), scorers: ['llm-judge', 'exact-match'], rubric: 'summarization' });
    const server = await startChatServer({ reply: ({ body }) => (body.model === 'big' ? VERDICT : '好的') });
    const args = ['--task', 'demo', '--runtime', 'openai:small', '--base-url', server.url, '--judge', 'openai:big'];
    const { code, stdout, stderr } = await judge(folder, [...args, '--judge-base-url', server.url, '--json']);
    expect(code, stderr).toBe(0);
    const [task] = JSON.parse(stdout).tasks;
    expect(task.metrics['llm-judge'].mean).toBe(8);
    expect(task.metrics['llm-judge.completeness'].mean).toBe(7);
    expect(task.metrics['exact-match'].mean).toBe(1);
    expect(server.stats.requests).toBe(10);
    await server.close();
  });

  it('takes generations and verdicts from the cache the second time, and never collapses repeats', async () => {
    const folder = temporaryFolder();
    writeTask(folder, { samples: numberedSamples(4), scorers: ['llm-judge'], rubric: 'summarization' });
    const server = await startChatServer({ reply: ({ body }) => (body.model === 'big' ? VERDICT : '好的') });
    const args = [
      ...['--task', 'demo', '--repeat', '3', '--runtime', 'openai:small', '--base-url', server.url],
      ...['--judge', 'openai:big', '--judge-base-url', server.url, '--json'],
    ];
    await judge(folder, args);
    expect(server.stats.requests).toBe(2 * 4 * 3);
    const { stdout } = await judge(folder, args);
    expect(server.stats.requests).toBe(2 * 4 * 3);
    expect(JSON.parse(stdout).tasks[0]).toMatchObject({ n: 12, usage: { cached: 24 } });
    await judge(folder, [...args, '--no-cache']);
    expect(server.stats.requests).toBe(2 * 2 * 4 * 3);
    await server.close();
  });
});

describe('--runs-dir', () => {
  it('keeps runs elsewhere, and the cache where it was', async () => {
    const folder = temporaryFolder();
    writeTask(folder, { samples: numberedSamples(2) });
    const server = await startChatServer({ reply: () => '好的' });
    const args = ['--task', 'demo', '--runtime', 'openai:m', '--base-url', server.url, '--json', '--runs-dir', 'out'];
    const { stdout } = await judge(folder, args);
    expect(JSON.parse(stdout).directory).toContain(join(folder, 'out'));
    expect(readdirSync(folder).sort()).toEqual(['.judge', 'out', 'plugins']);
    expect(readdirSync(join(folder, '.judge'))).toEqual(['cache']);
    await server.close();
  });
});

describe('gates', () => {
  it.each([
    [['--threshold', '0.5'], 0, ''],
    [['--threshold', '0.7'], 100, 'exact-match'],
    [['--threshold', 'exact-match=0.9'], 100, 'exact-match'],
    [['--threshold', 'no-such-metric=0.1'], 100, 'no metric no-such-metric'],
    [['--fail-on-unscored'], 0, ''],
  ])('%j exits with %i', async (flags, expected, text) => {
    const { code, stdout } = await judge(recordedProject(), ['--task', 'demo', '--no-progress', ...flags]);
    expect(code).toBe(expected);
    expect(stdout).toContain(text);
  });

  it('fail when a sample is unscored and that was asked for', async () => {
    const folder = recordedProject({ 's-0': '好的' });
    const { code, stdout } = await judge(folder, ['--task', 'demo', '--no-progress', '--fail-on-unscored']);
    expect(code).toBe(100);
    expect(stdout).toMatch(/2 of 3 samples are unscored/);
  });

  it('fail when there was no sample at all, asked for or not', async () => {
    const folder = temporaryFolder();
    writeTask(folder, { samples: '', recorded: { other: '好的' } });
    for (const flags of [[], ['--threshold', '0'], ['--json']]) {
      const { code, stdout } = await judge(folder, ['--task', 'demo', '--no-progress', ...flags]);
      expect(code).toBe(100);
      expect(stdout).toMatch(/no sample was run/);
    }
  });
});

describe('files', () => {
  it('writes every format that -o names', async () => {
    const folder = recordedProject();
    const names = ['r.json', 'r.jsonl', 'r.csv', 'r.md', 'r.xml'];
    const { code } = await judge(folder, ['--task', 'demo', '--no-progress', ...names.flatMap((name) => ['-o', name])]);
    expect(code).toBe(0);
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(JSON.parse(read('r.json')).tasks[0].metrics['exact-match'].mean).toBeCloseTo(2 / 3, 12);
    const rows = read('r.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ task: 'demo', id: 's-0', output: '好的' });
    expect(read('r.csv').trim().split('\n')).toHaveLength(4);
    expect(read('r.md')).toContain('demo');
    expect(read('r.xml')).toMatch(/<testsuite[^>]* tests="3"/);
  });

  it('refuses a report that it could not write before anything runs', async () => {
    const folder = recordedProject();
    const { code, stderr } = await judge(folder, ['--task', 'demo', '-o', 'r.pdf']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no report format \.pdf/);
    expect(existsSync(join(folder, '.judge'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('says so when the disk is full, and the run is kept', async () => {
    const folder = recordedProject();
    const { code, stderr } = await judge(folder, ['--task', 'demo', '--no-progress', '-o', '/dev/full/r.json']);
    expect(code).toBe(1);
    expect(stderr).toContain('/dev/full');
    expect((await judge(folder, ['--resume', '--task', 'demo'])).stderr).toMatch(/no unfinished run/);
  });
});

describe('what is asked wrongly', () => {
  it.each([
    [['--task', 'meeting-sumary'], 'meeting-summary'],
    [['--rubric', 'sumarization'], 'summarization'],
    [['--tsak', 'x'], '--task'],
    [['lst'], 'list'],
    [['--limit', '0'], '1 or more'],
    [['--threshold', 'high'], 'no threshold'],
    [['--runtime', 'opnai:m', '--task', 'meeting-summary'], 'openai'],
    [['--base-url', 'http://127.0.0.1:1/v1'], '--runtime openai:MODEL'],
    [['--outputs', 'missing.jsonl', '--task', 'meeting-summary'], 'missing.jsonl'],
    [['--resume'], 'no unfinished run'],
    [['--config', 'none.yaml'], 'none.yaml'],
  ])('%j is explained and exits with 1', async (args, text) => {
    const { code, stdout, stderr } = await judge(temporaryFolder(), args);
    expect(code).toBe(1);
    expect(stderr).toContain(text);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
  });

  it('ends the run at once when the key is refused, and the run goes on once it is right', async () => {
    const folder = temporaryFolder();
    writeTask(folder, { samples: numberedSamples(30) });
    let locked = true;
    const server = await startChatServer({
      reply: () => (locked ? { status: 401, error: 'Incorrect API key' } : '好的'),
    });
    const args = ['--task', 'demo', '--runtime', 'openai:m', '--base-url', server.url, '--no-progress'];
    const refused = await judge(folder, args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/Incorrect API key[\s\S]*judge --resume/);
    expect(server.stats.requests).toBeLessThan(30);
    locked = false;
    const { code, stdout } = await judge(folder, ['--resume', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).tasks[0]).toMatchObject({ n: 30, failed: 0, unscored: 0 });
    await server.close();
  });

  it('ends when nobody answers at the address, naming it', async () => {
    const folder = temporaryFolder();
    writeTask(folder, { samples: numberedSamples(30) });
    const args = ['--task', 'demo', '--runtime', 'openai:m', '--base-url', 'http://127.0.0.1:9/v1'];
    const { code, stderr } = await judge(folder, [...args, '--no-progress', '--retries', '1']);
    expect(code).toBe(1);
    expect(stderr).toContain('127.0.0.1:9');
  });
});

describe('--dry-run', () => {
  it('shows samples, calls and estimated tokens, and runs nothing', async () => {
    const folder = temporaryFolder();
    writeTask(folder, { samples: numberedSamples(7), scorers: ['llm-judge'], rubric: 'summarization' });
    const args = ['--task', 'demo', '--runtime', 'openai:m', '--base-url', 'http://127.0.0.1:9/v1', '--repeat', '2'];
    const { code, stdout } = await judge(folder, [...args, '--judge', 'openai:j', '--dry-run', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).total).toMatchObject({ samples: 14, calls: 14, judgeCalls: 14 });
    expect(existsSync(join(folder, '.judge'))).toBe(false);
  });
});

describe('settings', () => {
  it('come from flag, then config, then environment', async () => {
    const folder = temporaryFolder();
    writeTask(folder, { samples: numberedSamples(4), scorers: ['llm-judge'], rubric: 'summarization' });
    const env = { JUDGE_MODEL: 'openai:from-environment', JUDGE_RUNTIME: 'openai:candidate' };
    const plan = async (args: string[], variables: Record<string, string>) =>
      JSON.parse((await judge(folder, ['--task', 'demo', '--dry-run', '--json', ...args], variables)).stdout);
    expect(await plan([], env)).toMatchObject({ judge: 'openai:from-environment', runtime: 'openai:candidate' });
    writeFileSync(join(folder, 'judge.config.yaml'), 'judge: openai:from-config\nlimit: 3\n');
    expect(await plan([], env)).toMatchObject({ judge: 'openai:from-config', total: { samples: 3 } });
    expect(await plan(['--judge', 'baseline', '-n', '2'], env)).toMatchObject({
      judge: 'baseline',
      total: { samples: 2 },
    });
  });

  it('may be a module that brings plugins of its own', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    writeFileSync(
      join(folder, 'judge.config.mjs'),
      `export default { define: { tasks: [{
        id: 'inline', language: 'en', dataset: [{ id: 'a', variables: { q: '1+1' }, target: '2' }], prompt: '{{q}}',
        scorers: ['exact-match', { id: 'length', score: ({ output }) => ({ value: output.length }) }],
      }] } };`,
    );
    writeFileSync(join(folder, 'out.jsonl'), '{"id":"a","output":"2"}\n');
    const { code, stdout, stderr } = await judge(folder, ['--task', 'inline', '--outputs', 'out.jsonl', '--json']);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).tasks[0].metrics).toMatchObject({ 'exact-match': { mean: 1 }, length: { mean: 1 } });
  });
});
