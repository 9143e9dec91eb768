import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PluginError } from '../../src/errors.js';
import { packageRoot } from '../../src/package.js';
import { validatePath } from '../../src/plugin/validate.js';
import { builtins, greetings, project, RUBRIC, said, TASK } from './project.js';

async function validate(cwd: string, path = '.'): Promise<{ ok: boolean; checked: string[]; issues: string }> {
  const { ok, checked, issues } = await validatePath(path, { cwd, builtins: builtins() });
  return {
    ok,
    checked: checked.map(({ file, kind, id, samples, ok: good }) =>
      [file.replace(`${cwd}/`, ''), kind, id, samples, good ? undefined : 'BAD']
        .filter((part) => part !== undefined)
        .join(' '),
    ),
    issues: issues.length === 0 ? '' : new PluginError('', issues).describe().replaceAll(`${cwd}/`, ''),
  };
}

describe('validatePath', () => {
  it('checks a whole project: config, rubrics, tasks, datasets, recorded outputs', async () => {
    const cwd = greetings({
      'judge.config.yaml': 'tasks: [greet]\n',
      'plugins/greet/task.yaml': `${TASK}recorded: recorded.jsonl\n`,
      'plugins/greet/recorded.jsonl':
        '{"id":"1","output":"hi"}\n{"stage":"session","at":1}\n{"id":"2","error":{"message":"x"}}\n',
      'node_modules/some/plugins/x/task.yaml': 'broken: [',
      '.judge/runs/x/task.yaml': 'broken: [',
      'notes.jsonl': 'not a dataset of any task',
    });
    expect(await validate(cwd)).toEqual({
      ok: true,
      checked: [
        'judge.config.yaml config',
        'plugins/greet/task.yaml task greet',
        'plugins/greet/dataset.jsonl dataset greet 1',
        'plugins/greet/recorded.jsonl recorded greet',
        'rubrics/kindness.yaml rubric kindness',
      ],
      issues: '',
    });
  });

  it('tells everything that is wrong in a project', async () => {
    const cwd = greetings({
      'judge.config.yaml': 'limits: 5\n',
      'rubrics/strict.yaml': RUBRIC.replace('kindness', 'strict').replace('max: 5', 'max: 0'),
      'plugins/greet/task.yaml': `${TASK}recorded: recorded.jsonl\n`,
      'plugins/greet/dataset.jsonl':
        '{"id":"1","variables":{"nmae":"小明"}}\n{"id":"2"}\n\n{"id":"1","variables":{"name":"x"}}\n{"id":"1","variables":{"name":"y"}}\n',
      'plugins/greet/recorded.jsonl': '{"id":"1","output":"hi"}\n{"id":"1","text":"hi"}\n',
      'plugins/bad/task.yaml': 'id: bad\n',
    });
    const { ok, checked, issues } = await validate(cwd);
    expect(ok).toBe(false);
    expect(checked.filter((line) => line.endsWith('BAD'))).toEqual([
      'judge.config.yaml config BAD',
      'plugins/bad/task.yaml task bad BAD',
      'plugins/greet/dataset.jsonl dataset greet 0 BAD',
      'plugins/greet/recorded.jsonl recorded greet BAD',
      'rubrics/strict.yaml rubric strict BAD',
    ]);
    expect(issues).toMatchInlineSnapshot(`
      "
      judge.config.yaml:1:1: unknown key "limits" in the config
        → Did you mean "limit"?
      plugins/bad/task.yaml:1:1: "dataset" is missing in the task
        → A .jsonl file, relative to this file: one sample on each line.
      plugins/bad/task.yaml:1:1: "prompt" is missing in the task
        → The prompt template (handlebars): the name of a file that ends in .hbs, relative to this file, or the text itself.
      plugins/bad/task.yaml:1:1: "scorers" is missing in the task
        → How answers are scored: ids of scorers, some with options.
      plugins/greet/dataset.jsonl:1: the variable "name" is missing, which plugins/greet/prompt.hbs:1:9 uses
        → Did you mean "nmae"? The row has: nmae.
      plugins/greet/dataset.jsonl:2: "variables" is missing; it must be an object with the values for the template
        → A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional.
      plugins/greet/dataset.jsonl:4: the id "1" is already that of line 1
        → Ids must be unique in a dataset: results are kept by id.
      plugins/greet/dataset.jsonl:5: the id "1" is already that of line 1
        → Ids must be unique in a dataset: results are kept by id.
      plugins/greet/recorded.jsonl:2: a recorded output needs the texts "id" and "output"
        → A line looks like {"id": "…", "output": "…"}.
      rubrics/strict.yaml:2:23: scale.max must be over scale.min, which is 1"
    `);
  });

  it('checks one task by its folder or its file, and with it what the project offers', async () => {
    const cwd = greetings();
    expect(await validate(cwd, 'plugins/greet')).toMatchObject({
      ok: true,
      checked: [expect.any(String), expect.any(String)],
    });
    expect(await validate(cwd, 'plugins/greet/task.yaml')).toMatchObject({ ok: true });
    expect(await validate(join(cwd, 'plugins'), 'greet')).toMatchObject({ ok: true });
  });

  it('takes scorers that the config defines, and tasks of a module', async () => {
    const cwd = greetings({
      'judge.config.mjs': "export default { define: { scorers: [{ id: 'short', score: () => ({ value: 1 }) }] } };",
      'plugins/greet/task.yaml': TASK.replace('words: { at: 3 }', 'short'),
      'mine.mjs': `export default {
        tasks: [
          { id: 'rows', dataset: [{ id: '1', variables: {} }], prompt: '{{x}}', scorers: ['plain'] },
          { id: 'file', dataset: 'plugins/greet/dataset.jsonl', prompt: '{{name}}', scorers: ['own'] },
        ],
        scorers: [{ id: 'own', score: () => ({ value: 1 }) }],
      };`,
    });
    expect((await validate(cwd)).ok).toBe(true);
    expect(await validate(cwd, 'mine.mjs')).toMatchInlineSnapshot(`
      {
        "checked": [
          "mine.mjs task rows",
          "mine.mjs dataset rows BAD",
          "mine.mjs task file",
          "plugins/greet/dataset.jsonl dataset file 1",
          "mine.mjs scorer own",
        ],
        "issues": "
      mine.mjs: row 1: the variable "x" is missing, which mine.mjs prompt:1:3 uses
        → The row has no variables. Where it has no value, write null.",
        "ok": false,
      }
    `);
  });

  it('checks a rubric, a config and a dataset by their files', async () => {
    const cwd = greetings({ 'ci/nightly.config.yaml': 'seed: x\n', 'empty.jsonl': '\n' });
    expect(await validate(cwd, 'rubrics/kindness.yaml')).toEqual({
      ok: true,
      checked: ['rubrics/kindness.yaml rubric kindness'],
      issues: '',
    });
    expect((await validate(cwd, 'ci/nightly.config.yaml')).issues).toMatch('"seed" must be a whole number, not "x"');
    expect((await validate(cwd, 'plugins/greet/dataset.jsonl')).checked).toEqual([
      'plugins/greet/dataset.jsonl dataset 1',
    ]);
    expect((await validate(cwd, 'empty.jsonl')).issues).toBe('\nempty.jsonl: the dataset has no rows');
  });

  it('checks a folder of datasets, and shows the first twenty bad rows of each', async () => {
    const cwd = project({ 'data/a.jsonl': '{"id":1}\n'.repeat(25), 'data/b.jsonl': Buffer.from([0x7b, 0xff]) });
    const { issues } = await validate(cwd, 'data');
    expect(issues.match(/"id" must be a text/g)).toHaveLength(20);
    expect(issues).toMatch('data/a.jsonl: 5 more rows have mistakes');
    expect(issues).toMatch('data/b.jsonl:1: the line is not UTF-8');
  });

  it('takes a file of recorded outputs for what it is', async () => {
    const cwd = project({
      'data/a.jsonl': '{"id":"1","variables":{}}',
      'data/recorded/b.jsonl': '{"id":"1","output":""}\n{"id":1}',
    });
    expect(await validate(cwd, 'data')).toMatchInlineSnapshot(`
      {
        "checked": [
          "data/a.jsonl dataset 1",
          "data/recorded/b.jsonl recorded BAD",
        ],
        "issues": "
      data/recorded/b.jsonl:2: a recorded output needs the texts "id" and "output"
        → A line looks like {"id": "…", "output": "…"}.",
        "ok": false,
      }
    `);
  });

  it('checks a project inside a project with its own plugins', async () => {
    const cwd = greetings({
      'examples/inner/judge.config.mjs':
        "export default { define: { scorers: [{ id: 'inner', score: () => ({ value: 1 }) }] } };",
      'examples/inner/plugins/bow/task.yaml': 'id: bow\ndataset: d.jsonl\nprompt: "{{x}}"\nscorers: [inner]\n',
      'examples/inner/plugins/bow/d.jsonl': '{"id":"1","variables":{"x":1}}',
    });
    expect((await validate(cwd)).issues).toBe('');
  });

  it('tells ids that are taken twice, and modules that do not load', async () => {
    const cwd = greetings({ 'rubrics/again.yaml': RUBRIC });
    expect((await validate(cwd)).issues).toMatch('rubric "kindness" is here a second time');
  });

  it('refuses a path with nothing to check', async () => {
    const cwd = project({ 'empty/readme.txt': '', 'x.txt': '' });
    expect(await said(validate(cwd, 'none'), cwd)).toMatchInlineSnapshot(`"there is nothing at none"`);
    expect(await said(validate(cwd, 'empty'), cwd)).toMatchInlineSnapshot(`
      "there is nothing to check in empty
        → Tasks are in <id>/task.yaml, rubrics in rubrics/<id>.yaml, datasets in .jsonl files."
    `);
    expect(await said(validate(cwd, 'x.txt'), cwd)).toMatchInlineSnapshot(`
      "x.txt: this file is no plugin
        → A plugin is a task.yaml, a rubric (.yaml) or a module (.js, .mjs, .ts)."
    `);
  });
});

describe("judgekit's own plugins", () => {
  it('have rubrics and datasets without a mistake', async () => {
    for (const path of ['rubrics', 'datasets']) {
      expect(await validate(packageRoot(), path)).toMatchObject({ ok: true, issues: '' });
    }
  });
});
