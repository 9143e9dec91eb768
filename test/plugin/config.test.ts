import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineConfig, loadConfig } from '../../src/plugin/config.js';
import { importDefault, runsTypeScript } from '../../src/plugin/module.js';
import { project, said } from './project.js';

async function wrong(name: string, text: string): Promise<string> {
  const cwd = project({ [name]: text });
  return said(loadConfig(cwd), cwd);
}

describe('loadConfig', () => {
  it('is empty where there is no config', async () => {
    expect(await loadConfig(project({}))).toEqual({});
  });

  it.each([
    ['judge.config.yaml', 'tasks: greet\nlimit: 5\noutput: out/report.md\nplugins: [mine, ./other, some-package]\n'],
    ['judge.config.yml', 'tasks: [greet]\nlimit: 5\noutput: [out/report.md]\nplugins: [mine, ./other, some-package]\n'],
    [
      'judge.config.json',
      '{\n\t"$schema": "x", "tasks": ["greet"], "limit": 5, "output": "out/report.md",\n\t"plugins": ["mine", "./other", "some-package"]\n}',
    ],
    [
      'judge.config.mjs',
      "export default { tasks: 'greet', limit: 5, output: 'out/report.md', plugins: ['mine', './other', 'some-package'] };",
    ],
  ])('reads %s, with its paths made absolute', async (name, text) => {
    const cwd = project({ [name]: text, 'mine/x': '' });
    expect(await loadConfig(cwd)).toEqual({
      tasks: ['greet'],
      limit: 5,
      output: [join(cwd, 'out/report.md')],
      plugins: [join(cwd, 'mine'), join(cwd, 'other'), 'some-package'],
    });
  });

  it('takes everything that there is', async () => {
    const config = defineConfig({
      category: 'a',
      rubric: 'b',
      runtime: { use: 'openai', model: 'm', anything: { else: [1] } },
      baseUrl: 'http://127.0.0.1:8080/v1',
      judge: 'openai:big',
      judgeBaseUrl: 'http://127.0.0.1:8081/v1',
      maxConcurrency: 4,
      judgeConcurrency: 8,
      repeat: 3,
      seed: 0,
      temperature: 0.7,
      maxTokens: 100,
      retries: 0,
      timeoutMs: 1000,
      cache: false,
      threshold: [7, 'rouge.rougeL=0.3'],
      failOnUnscored: true,
    });
    expect(await loadConfig(project({ 'judge.config.json': JSON.stringify(config) }))).toEqual(config);
  });

  it('reads a named file wherever it is', async () => {
    const cwd = project({ 'conf/nightly.yaml': 'output: [r.json]\n', 'judge.config.yaml': 'limit: 1\n' });
    expect(await loadConfig(cwd, 'conf/nightly.yaml')).toEqual({ output: [join(cwd, 'conf/r.json')] });
    expect(await said(loadConfig(cwd, 'none.yaml'), cwd)).toBe('there is no config file none.yaml');
  });

  it('refuses two configs side by side', async () => {
    const cwd = project({ 'judge.config.yaml': '', 'judge.config.mjs': '' });
    expect(await said(loadConfig(cwd))).toMatchInlineSnapshot(`
      "there is more than one config: judge.config.mjs, judge.config.yaml
        → Keep one of them, or name one with --config."
    `);
  });

  it('defines plugins in a module, whose paths start at the config', async () => {
    const cwd = project({
      'judge.config.mjs': `export default { define: {
        tasks: [{ id: 'a', dataset: 'rows.jsonl', prompt: '{{x}}', scorers: ['plain'], baseDir: 'data' }],
        scorers: [{ id: 'mine', score: () => ({ value: 1 }) }],
      } };`,
    });
    const { define } = await loadConfig(cwd);
    expect(define?.tasks?.[0]?.baseDir).toBe(join(cwd, 'data'));
    expect(define?.scorers?.[0]?.id).toBe('mine');
  });

  it('tells what is wrong, with its place', async () => {
    expect(
      await wrong('judge.config.yaml', 'limit: 0\ntask: greet\njudge: { model: x }\ncache: "no"\nruntime: 5\n'),
    ).toMatchInlineSnapshot(`
      "5 mistakes in the config
      judge.config.yaml:1:8: "limit" must be at least 1, not 0
      judge.config.yaml:2:1: unknown key "task" in the config
        → Did you mean "tasks"?
      judge.config.yaml:3:1: "use" is missing in "judge"
        → Id of the runtime.
      judge.config.yaml:4:8: "cache" must be true or false, not "no"
        → Write true or false, without quotes.
      judge.config.yaml:5:10: "runtime" must be a text or a mapping, not 5
        → Put it in quotes: "5"."
    `);
    expect(await wrong('judge.config.json', '{\n  "limit": 1,\n  "limits": 2\n  "seed": 1\n}')).toMatchInlineSnapshot(`
      "the JSON cannot be read
      judge.config.json:3:13: a quote, a bracket or a key is not closed
        → Check quotes, brackets, commas and the ": " after each key."
    `);
    expect(await wrong('judge.config.json', '{\n  "limit": 1.5,\n  "threshold": {}\n}')).toMatchInlineSnapshot(`
      "2 mistakes in the config
      judge.config.json:2:12: "limit" must be a whole number, not 1.5
      judge.config.json:3:3: "threshold" must be a number, a text or a list, not a mapping
        → The quality gate, as with --threshold: the least that every task's headline metric must reach, or a named metric, or several of these."
    `);
    expect(await wrong('judge.config.mjs', 'export default { limit: -1 };')).toMatchInlineSnapshot(`
      "a mistake in the config
      judge.config.mjs: "limit" must be at least 1, not -1"
    `);
    expect(
      await wrong('judge.config.mjs', 'export default { define: { scorers: [{ id: 1 }] } };'),
    ).toMatchInlineSnapshot(`
      "2 mistakes in the plugin
      judge.config.mjs: scorers[0].id cannot be 1
        → An id is made of lower-case letters, digits and hyphens, for example exact-match.
      judge.config.mjs: scorers[0].score must be a function, and is missing"
    `);
    expect(await wrong('judge.config.yaml', 'define:\n  tasks: []\n')).toMatchInlineSnapshot(`
      "judge.config.yaml:1:1: define needs a config that is a module
        → Rename it to judge.config.mjs and export default it; or put tasks and rubrics into files."
    `);
  });
});

describe('a config in TypeScript', () => {
  const files = { 'judge.config.ts': 'export default { limit: 3 satisfies number };' };

  it('says what to do where Node does not run it', async () => {
    const cwd = project(files);
    const text = await said(importDefault(join(cwd, 'judge.config.ts'), false), cwd);
    expect(text.replace(process.versions.node, 'VERSION')).toMatchInlineSnapshot(`
      "judge.config.ts: Node VERSION does not run TypeScript files
        → Rename the file to .mjs and remove its types, or use Node 22.18 or later."
    `);
  });

  it('is imported where Node runs it', async () => {
    expect(runsTypeScript({ typescript: 'strip' })).toBe(true);
    expect(runsTypeScript({})).toBe(false);
    if (runsTypeScript()) expect(await loadConfig(project(files))).toEqual({ limit: 3 });
  });
});
