import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/plugin/config.js';
import { createRegistry } from '../../src/plugin/registry.js';
import { type ScaffoldKind, scaffold } from '../../src/plugin/scaffold.js';
import { validatePath } from '../../src/plugin/validate.js';
import { builtins as few, project, said } from './project.js';

/** What is scaffolded uses the built-in scorers, of which these tests need no more than the options. */
const builtins = {
  ...few(),
  scorers: {
    rouge: async () => ({
      id: 'rouge',
      options: { type: 'object', properties: { types: { type: 'array' }, tokenizer: { type: 'string' } } },
      score: () => ({ value: 1 }),
    }),
  },
};

describe('scaffold', () => {
  it('writes a task that is valid and renders, and whose recorded outputs match its samples', async () => {
    const cwd = project({});
    const files = await scaffold('task', 'my-task', cwd);
    expect(files.map((file) => relative(cwd, file).replaceAll('\\', '/'))).toEqual([
      'plugins/my-task/task.yaml',
      'plugins/my-task/prompt.hbs',
      'plugins/my-task/dataset.jsonl',
      'plugins/my-task/recorded.jsonl',
    ]);
    expect(await validatePath('.', { cwd, builtins })).toMatchObject({ ok: true, issues: [] });
    const task = await (await createRegistry({ cwd, builtins })).task('my-task');
    const ids: string[] = [];
    for await (const sample of task.dataset.samples()) {
      ids.push(sample.id);
      const [message] = task.render(sample);
      expect(message?.content).toContain(sample.variables['text']);
      expect(message?.content).not.toMatch(/\{\{|--/);
    }
    const recorded = readFileSync(task.recorded!, 'utf8').trim().split('\n');
    expect(recorded.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(ids);
  });

  it('writes a rubric that is valid', async () => {
    const cwd = project({});
    await scaffold('rubric', 'my-rubric', cwd);
    expect(await validatePath('rubrics/my-rubric.yaml', { cwd, builtins })).toMatchObject({ ok: true, issues: [] });
  });

  it('writes a project that is valid, whose config names its task', async () => {
    const folder = project({});
    await scaffold('project', 'my-evals', folder);
    const cwd = join(folder, 'my-evals');
    expect(readdirSync(cwd).sort()).toEqual(['.gitignore', 'README.md', 'judge.config.yaml', 'plugins', 'rubrics']);
    expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toMatch(/^\.judge\/$/m);
    expect(await validatePath('.', { cwd, builtins })).toMatchObject({ ok: true, issues: [] });
    const { tasks } = await loadConfig(cwd);
    const registry = await createRegistry({ cwd, builtins });
    const [task] = await registry.tasks({ ids: tasks });
    expect((await registry.rubricOf(task!)).file).toMatch(cwd);
    await scaffold('task', 'next', cwd);
    expect(await validatePath('.', { cwd, builtins })).toMatchObject({ ok: true });
  });

  it('writes nothing where one of its files is there already', async () => {
    const cwd = project({ 'plugins/my-task/recorded.jsonl': 'mine' });
    expect(await said(scaffold('task', 'my-task', cwd), cwd)).toMatchInlineSnapshot(`
      "plugins/my-task/recorded.jsonl is there already
        → Choose another name, or move the file away."
    `);
    expect(readdirSync(join(cwd, 'plugins/my-task'))).toEqual(['recorded.jsonl']);
  });

  it('says what names look like', async () => {
    const cwd = project({});
    expect(await said(scaffold('task', 'My Task!', cwd))).toMatchInlineSnapshot(`
      ""My Task!" cannot be the name of a task
        → Names are made of lower-case letters, digits and hyphens, for example my-task."
    `);
    expect(await said(scaffold('project', '会议', cwd))).toMatchInlineSnapshot(`
      ""会议" cannot be the name of a project
        → Names are made of lower-case letters, digits and hyphens, for example my-project."
    `);
    expect(await said(scaffold('rubric', '../up', cwd))).toMatchInlineSnapshot(`
      ""../up" cannot be the name of a rubric
        → Names are made of lower-case letters, digits and hyphens, for example up."
    `);
    expect(await said(scaffold('rubric', 'summarization', cwd))).toMatchInlineSnapshot(`
      "judgekit has a rubric named summarization itself
        → Ids are unique: choose another name."
    `);
    expect(await said(scaffold('taks' as ScaffoldKind, 'x', cwd))).toMatchInlineSnapshot(`
      "there is no kind "taks"
        → Did you mean "task"?"
    `);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
