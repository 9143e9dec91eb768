import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.js';
import { judge } from '../support/judge.js';
import { jsonLines, numberedSamples, writeTask } from '../support/project.js';

describe('judge list', () => {
  it('shows every kind, built-in ones and the project’s own', async () => {
    const folder = temporaryFolder();
    writeTask(folder, { samples: numberedSamples(2) });
    const { code, stdout } = await judge(folder, ['list']);
    expect(code).toBe(0);
    for (const id of [
      'meeting-summary',
      'demo',
      'summarization',
      'exact-match',
      'rouge',
      'llm-judge',
      'replay',
      'openai',
      'langchain',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${id} `, 'm'));
    }
  });

  it('takes a kind, and refuses what is none', async () => {
    const folder = temporaryFolder();
    const { stdout } = await judge(folder, ['list', 'rubrics', '--json']);
    expect(new Set(JSON.parse(stdout).map((entry: { kind: string }) => entry.kind))).toEqual(new Set(['rubric']));
    expect((await judge(folder, ['list', 'task'])).code).toBe(0);
    expect(await judge(folder, ['list', 'rubrcs'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('rubrics'),
    });
  });
});

describe('judge show', () => {
  it.each([
    ['meeting-summary', ['会议摘要', '12 samples', 'transcript', 'llm-judge', '(primary)']],
    ['summarization', ['一致性', 'Faithfulness', '1 to 10', '9-10']],
    ['rouge', ['tokenizer', 'jieba']],
    ['openai', ['baseUrl', 'apiKeyEnv']],
    ['llm-judge', ['scorer llm-judge']],
  ])('%s', async (id, texts) => {
    const { code, stdout } = await judge(temporaryFolder(), ['show', id]);
    expect(code).toBe(0);
    for (const text of texts) expect(stdout).toContain(text);
  });

  it('suggests the nearest id', async () => {
    const { code, stderr } = await judge(temporaryFolder(), ['show', 'meting-summary']);
    expect(code).toBe(1);
    expect(stderr).toContain('meeting-summary');
  });
});

describe('judge init and validate', () => {
  it('a new task passes validate and runs at once', async () => {
    const folder = temporaryFolder();
    expect((await judge(folder, ['init', 'task', 'ticket-summary'])).code).toBe(0);
    const checked = await judge(folder, ['validate', join('plugins', 'ticket-summary')]);
    expect(checked.code, checked.stdout).toBe(0);
    const { code, stdout, stderr } = await judge(folder, ['--task', 'ticket-summary', '--json']);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).tasks[0]).toMatchObject({ task: 'ticket-summary', unscored: 0, failed: 0 });
    expect((await judge(folder, ['init', 'task', 'ticket-summary'])).code).toBe(1);
  });

  it('a new rubric and a new project pass validate, and the project runs', async () => {
    const folder = temporaryFolder();
    expect((await judge(folder, ['init', 'rubric', 'politeness'])).code).toBe(0);
    expect((await judge(folder, ['validate', join('rubrics', 'politeness.yaml')])).code).toBe(0);
    expect((await judge(folder, ['init', 'project', 'my-evals'])).code).toBe(0);
    const project = join(folder, 'my-evals');
    const checked = await judge(project, ['validate', '.']);
    expect(checked.code, checked.stdout).toBe(0);
    const { code, stderr } = await judge(project, ['--no-progress']);
    expect(code, stderr).toBe(0);
  });

  it.each([
    ['task', 'Bad Name!'],
    ['tsk', 'fine'],
  ])('init %s %s is refused with what to do', async (kind, name) => {
    const { code, stderr } = await judge(temporaryFolder(), ['init', kind, name]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/→/);
  });
});

describe('datasets that are wrong are refused before anything runs, with file and line', () => {
  const good = { id: 'a', variables: { text: 'x' }, target: 'y' };
  it.each([
    ['a broken line', `${jsonLines([good])}{"id":\n`, /samples\.jsonl:2/],
    ['a duplicate id', jsonLines([good, { ...good, id: 'b' }, good]), /samples\.jsonl:3[\s\S]*"?a"?/],
    [
      'a row without a variable of the template',
      jsonLines([good, { ...good, id: 'b', variables: { txt: 'x' } }]),
      /samples\.jsonl:2[\s\S]*text/,
    ],
    ['a row without id', jsonLines([{ variables: { text: 'x' } }]), /samples\.jsonl:1[\s\S]*id/],
  ])('%s', async (_what, samples, expected) => {
    const folder = temporaryFolder();
    writeTask(folder, { samples, recorded: { a: 'y' } });
    const { code, stderr } = await judge(folder, ['--task', 'demo']);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
  });

  it('BOM, CRLF, blank lines and a 5 MB row are no mistakes', async () => {
    const folder = temporaryFolder();
    const big = { id: 'big', variables: { text: '长'.repeat(1_700_000) }, target: 'y' };
    const samples = `\uFEFF${jsonLines([good, big]).replaceAll('\n', '\r\n\r\n')}`;
    writeTask(folder, { samples, recorded: { a: 'y', big: 'y' } });
    const { code, stdout, stderr } = await judge(folder, ['--task', 'demo', '--json']);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).tasks[0].metrics['exact-match']).toMatchObject({ mean: 1, n: 2 });
  });
});
