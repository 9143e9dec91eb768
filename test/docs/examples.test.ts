import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judge } from '../support/judge.js';
import { jsonLines } from '../support/project.js';
import { copyOfExample, node } from './copies.js';
import { ROOT } from './documents.js';

describe('the example project', { timeout: 60_000 }, () => {
  it('is valid and runs with its own task, rubric and scorer', async () => {
    const project = copyOfExample('project');
    expect(await judge(project, ['validate', '.'])).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await judge(project, ['--json']);
    expect(code, stderr).toBe(0);
    const { tasks, gate } = JSON.parse(stdout);
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toMatchObject({ task: 'notice-headline', n: 4, unscored: 0, failed: 0, primary: 'llm-judge' });
    // One of the four recorded headlines is longer than its limit.
    expect(tasks[0].metrics['length-limit']).toMatchObject({ mean: 0.75, n: 4 });
    expect(tasks[0].metrics['length-limit.characters'].mean).toBeGreaterThan(10);
    expect(Object.keys(tasks[0].metrics)).toEqual(
      expect.arrayContaining(['llm-judge.accuracy', 'llm-judge.brevity', 'rouge.rouge1', 'rouge.rougeL']),
    );
    expect(gate).toEqual({ passed: true, failures: [] });
    expect(readFileSync(join(project, 'report.md'), 'utf8')).toContain('通知标题');
    expect(readFileSync(join(project, 'junit.xml'), 'utf8')).toContain('classname="notice-headline"');
  });

  it('scores the over-long headline lowest on brevity', async () => {
    const project = copyOfExample('project');
    await judge(project, ['-o', 'results.jsonl']);
    const rows = readFileSync(join(project, 'results.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const brevity = Object.fromEntries(rows.map(({ id, scores }) => [id, scores['llm-judge'].metrics.brevity]));
    expect(Object.keys(brevity).sort()).toEqual(['library', 'parking', 'parking-fee', 'water']);
    expect(Math.min(...Object.values<number>(brevity))).toBe(brevity.parking);
  });

  it('works as a package that another project depends on', async () => {
    const user = copyOfExample();
    symlinkSync(copyOfExample('project'), join(user, 'node_modules', 'judgekit-plugin-headline'), 'junction');
    writeFileSync(join(user, 'package.json'), JSON.stringify({ dependencies: { 'judgekit-plugin-headline': '*' } }));
    const { code, stdout, stderr } = await judge(user, ['--task', 'notice-headline', '--json']);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).tasks[0].metrics['length-limit'].mean).toBe(0.75);
  });
});

describe('the example runtimes', { timeout: 60_000 }, () => {
  it('run a program for each prompt', async () => {
    const folder = copyOfExample('runtime');
    const { code, stdout, stderr } = await judge(folder, ['--json']);
    expect(code, stderr).toBe(0);
    const { tasks, runtime } = JSON.parse(stdout);
    expect(tasks[0]).toMatchObject({ n: 3, failed: 0, unscored: 0, metrics: { 'exact-match': { mean: 1 } } });
    expect(runtime.info).toMatchObject({ model: 'node', quantization: 'Q4_0', engine: 'program' });
  });

  it('end the run when there is no such program', async () => {
    const folder = copyOfExample('runtime');
    const { code, stderr } = await judge(folder, ['--runtime', 'program:no-such-program']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no-such-program cannot be run[\s\S]*Check the name/);
  });

  it('record what a program that fails says', async () => {
    const folder = copyOfExample('runtime');
    const options = ['--runtime-option', 'args=["-e","console.error(\'out of memory\');process.exit(3)"]'];
    const { code, stdout } = await judge(folder, ['--runtime', 'program:node', ...options, '--retries', '0', '--json']);
    expect(code).toBe(0);
    const [task] = JSON.parse(stdout).tasks;
    expect(task).toMatchObject({ n: 3, failed: 3, unscored: 3 });
    expect(Object.keys(task.unscoredReasons).join()).toContain('node ended with 3: out of memory');
  });

  it('call a server of their own', async () => {
    const folder = copyOfExample('runtime');
    const server = spawn(process.execPath, ['server.mjs', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void server.kill());
    const [url] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    const args = ['--runtime', 'plain-http:stand-in', '--runtime-option', `baseUrl=${url}`];
    const { code, stdout, stderr } = await judge(folder, [...args, '--json']);
    expect(code, stderr).toBe(0);
    const { tasks, runtime } = JSON.parse(stdout);
    expect(tasks[0]).toMatchObject({ n: 3, failed: 0, metrics: { 'exact-match': { mean: 1 } } });
    expect(tasks[0].usage.completionTokens).toBeGreaterThan(0);
    expect(runtime.info).toMatchObject({ model: 'stand-in', engine: 'stand-in 1.0' });

    const wrong = await judge(folder, [...args.slice(0, 3), `baseUrl=${url}/wrong`]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('answered 404: no such path');
  });
});

describe('the library examples', { timeout: 60_000 }, () => {
  it('evaluate.mjs prints a line for each task of the rubric', async () => {
    const { code, stdout, stderr } = await node(copyOfExample('library'), ['evaluate.mjs']);
    expect(code, stderr).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(5);
    for (const line of lines)
      expect(line).toMatch(/^[a-z-]+: \d+\.\d\d \(95% \d+\.\d\d to \d+\.\d\d\), n 3, unscored 0$/);
    expect(stderr).toBe('');
  });

  it('score.mjs judges one answer and keeps nothing', async () => {
    const folder = copyOfExample('library');
    const { code, stdout, stderr } = await node(folder, ['score.mjs']);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^overall \d+\.\d \{/);
    expect(stdout).toContain('faithfulness');
    expect(existsSync(join(folder, '.judge'))).toBe(false);
  });

  it('own-task.mjs runs a task, a rubric and a scorer that are made in code', async () => {
    const { code, stdout, stderr } = await node(copyOfExample('library'), ['own-task.mjs']);
    expect(code, stderr).toBe(0);
    const values = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    );
    expect(values['one-line']).toBe('0.5');
    expect(Number(values['rouge.rouge1'])).toBeGreaterThan(0.5);
    expect([0, 2.5, 5, 7.5, 10]).toContain(Number(values['llm-judge']));
  });

  it('side-by-side.mjs runs two evaluations at once', async () => {
    const folder = copyOfExample('library');
    const rows = readFileSync(join(ROOT, 'datasets', 'document-summary.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; target: string | string[] });
    const full = rows.map(({ id, target }) => ({ id, output: [target].flat()[0]! }));
    writeFileSync(join(folder, 'full.jsonl'), jsonLines(full));
    writeFileSync(
      join(folder, 'cut.jsonl'),
      jsonLines(full.map(({ id, output }) => ({ id, output: output.slice(0, 12) }))),
    );
    const { code, stdout, stderr } = await node(folder, ['side-by-side.mjs', 'full.jsonl', 'cut.jsonl']);
    expect(code, stderr).toBe(0);
    const [full1, cut1, count] = stdout.trim().split('\n') as [string, string, string];
    expect(Number(full1.split(' ')[1])).toBeGreaterThan(Number(cut1.split(' ')[1]));
    expect(count).toBe('12 samples in 2 runs');
  });

  it('gates.mjs writes its files and ends with 100 when a mean is too low', async () => {
    const folder = copyOfExample('library');
    expect(await node(folder, ['gates.mjs', '1'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const rows = readFileSync(join(folder, 'results.jsonl'), 'utf8').trim().split('\n');
    expect(rows).toHaveLength(12);
    expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toMatchObject({ gate: { passed: true } });
    const failed = await node(folder, ['gates.mjs', '9.9']);
    expect(failed.code).toBe(100);
    expect(failed.stderr).toMatch(/^document-summary: llm-judge \d\.\d\d is under 9\.9/);
  });

  it('a configuration that is a module brings its scorer', async () => {
    const { stdout } = await judge(copyOfExample('library'), ['list', 'scorers']);
    expect(stdout).toMatch(/one-line .*Whether the answer is one line/);
  });
});
