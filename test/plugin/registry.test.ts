import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package.js';
import { definePlugin } from '../../src/plugin/define.js';
import { createRegistry } from '../../src/plugin/registry.js';
import { defineRubric } from '../../src/rubric/define.js';
import { defineScorer } from '../../src/scoring/define.js';
import { defineTask } from '../../src/task/define.js';
import { builtins, greetings, project, RUBRIC, said, TASK } from './project.js';

const GREET_MODULE = `
export default {
  tasks: [{
    id: 'code-greet', dataset: 'rows.jsonl', prompt: 'Greet {{name}}.', rubric: 'code-rubric',
    scorers: ['short', 'llm-judge'],
  }],
  rubrics: [{
    id: 'code-rubric', scale: { min: 0, max: 1, step: 0.5, multiply: 10 }, dimensions: [], overall: 'judge',
  }],
  scorers: [{ id: 'short', score: ({ output }) => ({ value: output.length < 20 ? 1 : 0 }) }],
  runtimes: [{ id: 'mute', options: {}, capabilities: {}, open: async () => { throw new Error('mute'); } }],
};
`;

describe('createRegistry', () => {
  it("finds the project's tasks and rubrics beside the built-in ones", async () => {
    const cwd = greetings();
    const registry = await createRegistry({ cwd, builtins: builtins() });
    const task = await registry.task('greet');
    expect(task).toMatchObject({
      id: 'greet',
      title: { en: 'greet', zh: 'greet' },
      language: 'en',
      primary: 'llm-judge',
      file: join(cwd, 'plugins/greet/task.yaml'),
      scorers: [
        { name: 'llm-judge', scorer: 'llm-judge', options: {} },
        { name: 'words', scorer: 'words', options: { at: 3 } },
      ],
    });
    expect((await registry.rubricOf(task)).id).toBe('kindness');
    expect((await registry.rubric('summarization')).dimensions.map(({ id }) => id)).toContain('faithfulness');
  });

  it('loads no scorer and no runtime before it is used', async () => {
    const loaded: string[] = [];
    const registry = await createRegistry({ cwd: project({}), builtins: builtins(loaded) });
    expect(loaded).toEqual([]);
    await registry.runtime('echo');
    await registry.runtime('echo');
    await registry.scorer('words');
    expect(loaded).toEqual(['echo', 'words']);
  });

  it('gives the same object for the same rubric, scorer and runtime', async () => {
    const registry = await createRegistry({ cwd: greetings(), builtins: builtins() });
    expect(await registry.rubric('kindness')).toBe(await registry.rubric('kindness'));
    expect(await registry.scorer('words')).toBe(await registry.scorer('words'));
  });

  it('leaves a broken plugin alone until it is asked for', async () => {
    const cwd = greetings({ 'plugins/broken/task.yaml': 'id: broken\ncategory: x\n\tprompt: 1' });
    const registry = await createRegistry({ cwd, builtins: builtins() });
    expect((await registry.tasks({ ids: ['greet'] })).map(({ id }) => id)).toEqual(['greet']);
    expect(await said(registry.tasks(), cwd)).toMatch('plugins/broken/task.yaml:3:1: a tab indents this line');
    const listed = (await registry.list()).find(({ id }) => id === 'broken');
    expect(listed).toMatchObject({ kind: 'task', from: 'project', problem: 'a tab indents this line' });
  });

  it('calls a broken file by its folder or name', async () => {
    const cwd = greetings({ 'plugins/lost/task.yaml': 'title: no id here\n', 'rubrics/void.yaml': '' });
    const registry = await createRegistry({ cwd, builtins: builtins() });
    expect(await said(registry.task('lost'), cwd)).toMatch('"id" is missing in the task');
    expect(await said(registry.rubric('void'), cwd)).toMatch('the rubric is empty');
  });

  it('selects tasks by ids, rubric and category, all of which must hold', async () => {
    const other = TASK.replace('id: greet', 'id: part').replaceAll('kindness', 'summarization');
    const cwd = greetings({
      'plugins/part/task.yaml': `${other}category: farewell\n`,
      'plugins/part/prompt.hbs': 'Say goodbye to {{name}}.',
      'plugins/part/dataset.jsonl': '{"id":"1","variables":{"name":"x"}}\n',
    });
    const registry = await createRegistry({ cwd, builtins: builtins() });
    const ids = async (filter: Parameters<typeof registry.tasks>[0]) =>
      (await registry.tasks(filter)).map(({ id }) => id);
    expect(await ids({ ids: ['part', 'greet', 'part'] })).toEqual(['part', 'greet']);
    expect(await ids({ rubric: 'kindness' })).toEqual(['greet']);
    expect(await ids({ category: 'farewell' })).toEqual(['part']);
    expect(await ids({ ids: ['part', 'greet'], rubric: 'summarization' })).toEqual(['part']);
    expect(await said(registry.tasks({ ids: ['greet'], category: 'farewell' }))).toMatch('no task is one of greet and');
  });

  it('tells the findings of all selected tasks at once', async () => {
    const cwd = greetings({
      'plugins/one/task.yaml': TASK.replace('greet', 'one').replace('words', 'wordz'),
      'plugins/one/prompt.hbs': '{{name}}',
      'plugins/one/dataset.jsonl': '',
      'plugins/two/task.yaml': 'id: two\nrubric: kindness\n',
    });
    const registry = await createRegistry({ cwd, builtins: builtins() });
    expect(await said(registry.tasks({ rubric: 'kindness' }), cwd)).toMatchInlineSnapshot(`
      "4 mistakes in the tasks
      plugins/one/task.yaml:7:5: there is no scorer "wordz"
        → Did you mean "words"?
      plugins/two/task.yaml:1:1: "dataset" is missing in the task
        → A .jsonl file, relative to this file: one sample on each line.
      plugins/two/task.yaml:1:1: "prompt" is missing in the task
        → The prompt template (handlebars): the name of a file that ends in .hbs, relative to this file, or the text itself.
      plugins/two/task.yaml:1:1: "scorers" is missing in the task
        → How answers are scored: ids of scorers, some with options."
    `);
  });

  it('does not load built-in plugins twice when the project is judgekit itself, or a link to it', async () => {
    const registry = await createRegistry({ cwd: packageRoot(), builtins: builtins() });
    expect((await registry.list()).filter(({ id }) => id === 'summarization')).toHaveLength(1);
    const cwd = project({});
    symlinkSync(join(packageRoot(), 'rubrics'), join(cwd, 'rubrics'));
    await createRegistry({ cwd, builtins: builtins() });
  });
});

describe('--plugin', () => {
  it('takes a task folder, a file of any name, a rubric, a folder of plugins, and each only once', async () => {
    const cwd = project({
      'elsewhere/plugins/greet/task.yaml': TASK,
      'elsewhere/plugins/greet/prompt.hbs': '{{name}}',
      'elsewhere/plugins/greet/dataset.jsonl': '',
      'elsewhere/rubrics/kindness.yml': RUBRIC,
      'single/my-task.yaml': 'id: single\ndataset: rows.jsonl\nprompt: "{{a}}"\nscorers: [plain]\n',
      'single/rows.jsonl': '',
      'single/rubric.json': JSON.stringify({
        id: 'json-rubric',
        scale: { min: 1, max: 2 },
        dimensions: [],
        overall: 'judge',
      }),
    });
    const plugins = [
      'elsewhere',
      'elsewhere/plugins/greet',
      './single/my-task.yaml',
      'single/rubric.json',
      'elsewhere/rubrics',
    ];
    const registry = await createRegistry({ cwd, plugins, builtins: builtins() });
    expect((await registry.task('single')).variables.map(({ name }) => name)).toEqual(['a']);
    expect((await registry.task('greet')).id).toBe('greet');
    expect((await registry.rubric('json-rubric')).scale.max).toBe(2);
    const greet = (await registry.list()).find(({ id }) => id === 'greet');
    expect(greet).toMatchObject({ from: 'elsewhere', rubric: 'kindness' });
  });

  it('takes a module, whose paths start at its own folder', async () => {
    const cwd = project({ 'mine/plugin.mjs': GREET_MODULE, 'mine/rows.jsonl': '{"id":"1","variables":{"name":"x"}}' });
    const registry = await createRegistry({ cwd, plugins: ['mine/plugin.mjs'], builtins: builtins() });
    const task = await registry.task('code-greet');
    expect(task.file).toBe(join(cwd, 'mine/plugin.mjs'));
    expect((await task.dataset.check(task.variables)).samples).toBe(1);
    expect((await registry.rubricOf(task)).scale).toMatchObject({ step: 0.5, multiply: 10 });
    expect((await registry.scorer('short')).id).toBe('short');
    expect((await registry.runtime('mute')).id).toBe('mute');
  });

  it('tells what is wrong with a module', async () => {
    const cwd = project({
      'syntax.mjs': 'export default {\n  tasks: [,\n  }\n};\n',
      'throws.mjs': "\nthrow new Error('no luck');\n",
      'none.mjs': 'export const tasks = [];\n',
      'list.mjs': 'export default [];\n',
      'shape.mjs': `export default {
        scorer: [], tasks: {}, rubrics: [null, { id: 'A B' }],
        scorers: [{ id: 'x' }, 5, { id: 'baseline', score: () => 1, options: null }],
        runtimes: [{ id: 'r', open: 1, options: {}, capabilities: {} }],
      };`,
      'reserved.mjs': "export default { scorers: [{ id: 'llm-judge', score() {} }] };",
      'typed.ts': 'export default {};',
    });
    const load = (name: string) => said(createRegistry({ cwd, plugins: [name], builtins: builtins() }), cwd);
    expect(await load('syntax.mjs')).toMatch(/^syntax.mjs:3:3: the module cannot be loaded: /);
    expect(await load('throws.mjs')).toMatch(/^throws.mjs(:2:7)?: the module cannot be loaded: no luck/);
    expect(await load('none.mjs')).toMatchInlineSnapshot(`
      "none.mjs: the module has no default export
        → Write: export default { tasks: [], rubrics: [], scorers: [], runtimes: [] }."
    `);
    expect(await load('list.mjs')).toMatchInlineSnapshot(`
      "list.mjs: plugins from code must be an object
        → It looks like { tasks: [], rubrics: [], scorers: [], runtimes: [] }, each of them optional."
    `);
    expect(await load('shape.mjs')).toMatchInlineSnapshot(`
      "8 mistakes in the plugin
      shape.mjs: unknown key "scorer"
        → Did you mean "scorers"?
      shape.mjs: tasks must be a list
        → Write tasks: [ … ].
      shape.mjs: rubrics[0].id cannot be undefined
        → An id is made of lower-case letters, digits and hyphens.
      shape.mjs: rubrics[1].id cannot be "A B"
        → An id is made of lower-case letters, digits and hyphens.
      shape.mjs: scorers[0].score must be a function, and is missing
      shape.mjs: scorers[1] must be an object
      shape.mjs: scorers[2].options must be an object
      shape.mjs: runtimes[0].open must be a function"
    `);
    expect(await load('reserved.mjs')).toMatchInlineSnapshot(`
      "a mistake in the set of plugins
      reserved.mjs: the scorer id "llm-judge" is reserved
        → Choose another id."
    `);
  });
});

describe('npm packages', () => {
  const installed = (packages: Record<string, Record<string, string>>, manifest: object): string => {
    const cwd = project({ 'package.json': JSON.stringify(manifest) });
    for (const [name, files] of Object.entries(packages)) {
      for (const [path, content] of Object.entries(files)) {
        const file = join(cwd, 'node_modules', name, path);
        mkdirSync(join(file, '..'), { recursive: true });
        writeFileSync(file, content);
      }
    }
    return cwd;
  };

  it('are found by name in the project package.json, with their files and their module', async () => {
    const cwd = installed(
      {
        'judgekit-plugin-greet': {
          'package.json':
            '{"name":"judgekit-plugin-greet","type":"module","exports":{".":{"types":"./x.d.ts","import":"./main.js"}}}',
          'main.js': "export default { scorers: [{ id: 'loud', score: () => ({ value: 1 }) }] };",
          'plugins/greet/task.yaml': TASK,
          'plugins/greet/prompt.hbs': '{{name}}',
          'plugins/greet/dataset.jsonl': '',
          'rubrics/kindness.yaml': RUBRIC,
        },
        '@some-one/judgekit-plugin-data': {
          'package.json': '{"main":"index.js"}',
          'rubrics/other.yaml': RUBRIC.replace('kindness', 'other'),
        },
        'left-pad': { 'package.json': '{"main":"index.js"}', 'index.js': 'throw new Error("never loaded")' },
      },
      {
        dependencies: { 'judgekit-plugin-greet': '1', 'left-pad': '1' },
        devDependencies: { '@some-one/judgekit-plugin-data': '1' },
      },
    );
    const registry = await createRegistry({ cwd, builtins: builtins() });
    expect((await registry.scorer('loud')).id).toBe('loud');
    expect((await registry.task('greet')).id).toBe('greet');
    const other = (await registry.list()).find(({ id }) => id === 'other');
    expect(other?.from).toBe('@some-one/judgekit-plugin-data');
  });

  it('of any name are taken when they are named, and from a folder above', async () => {
    const cwd = installed({ 'my-evals': { 'package.json': '{}', 'rubrics/other.yaml': RUBRIC } }, {});
    mkdirSync(join(cwd, 'deep/er'), { recursive: true });
    const registry = await createRegistry({ cwd: join(cwd, 'deep/er'), plugins: ['my-evals'], builtins: builtins() });
    expect((await registry.rubric('kindness')).id).toBe('kindness');
    await createRegistry({ cwd, plugins: ['node_modules/my-evals'], builtins: builtins() });
  });

  it('that are not installed, or hold no plugin, are refused', async () => {
    const missing = installed({}, { dependencies: { 'judgekit-plugin-greet': '1' } });
    expect(await said(createRegistry({ cwd: missing, builtins: builtins() }), missing)).toMatchInlineSnapshot(`
      "package.json: the plugin package judgekit-plugin-greet is not installed
        → Run npm install."
    `);
    const empty = installed(
      { 'judgekit-plugin-none': { 'package.json': '{}' } },
      { dependencies: { 'judgekit-plugin-none': '1' } },
    );
    expect(await said(createRegistry({ cwd: empty, builtins: builtins() }), empty)).toMatchInlineSnapshot(`
      "node_modules/judgekit-plugin-none: the package judgekit-plugin-none holds no plugin
        → A plugin package has plugins/, rubrics/ or a main entry."
    `);
    const broken = project({ 'package.json': '{' });
    expect(await said(createRegistry({ cwd: broken, builtins: builtins() }), broken)).toMatchInlineSnapshot(
      `"package.json: the file is not valid JSON"`,
    );
    const unbuilt = installed(
      { 'judgekit-plugin-new': { 'package.json': '{"exports":"./dist/index.js"}', 'rubrics/a.yaml': RUBRIC } },
      { dependencies: { 'judgekit-plugin-new': '1' } },
    );
    expect(await said(createRegistry({ cwd: unbuilt, builtins: builtins() }), unbuilt)).toMatchInlineSnapshot(
      `"node_modules/judgekit-plugin-new/dist/index.js: there is no such file"`,
    );
  });
});

describe('plugins of code', () => {
  const shout = defineScorer({
    id: 'shout',
    options: { type: 'object', additionalProperties: false },
    score: ({ output }) => ({ value: output === output.toUpperCase() ? 1 : 0 }),
  });
  const bravery = defineRubric({ id: 'bravery', scale: { min: 1, max: 3 }, dimensions: [], overall: 'judge' });

  it('are taken with rows, a rubric and scorers in them', async () => {
    const inline = defineTask({
      id: 'inline',
      dataset: [{ id: '1', variables: { who: 'x' }, target: 'X' }],
      prompt: 'Shout {{who}}.',
      rubric: bravery,
      scorers: [shout, 'llm-judge'],
      title: undefined,
    });
    const registry = await createRegistry({
      cwd: project({}),
      define: definePlugin({ tasks: [inline] }),
      builtins: builtins(),
    });
    const [task] = await registry.tasks({ ids: ['inline'] });
    expect(task!.scorers[0]).toEqual({ name: 'shout', scorer: shout, options: {} });
    expect((await registry.rubricOf(task!)).scale.max).toBe(3);
    expect(await registry.tasks({ rubric: 'bravery' })).toHaveLength(1);
    expect(task!.file).toBe('(code)');
    expect((await registry.list()).find(({ id }) => id === 'inline')).toMatchObject({
      from: 'code',
      rubric: 'bravery',
    });
  });

  it('are checked like files, with paths for places', async () => {
    const task = {
      id: 'inline',
      dataset: [{ id: '1', variables: {} }],
      prompt: '{{who}',
      rubric: { id: 'r', scale: { min: 3, max: 1 }, dimensions: [], overall: 'judge' as const },
      scorers: [{ ...shout, id: 'Shout!' }, { words: { at: 0 } }],
    };
    const check = async (definition: object) => {
      const define = { tasks: [definition as typeof task] };
      return said((await createRegistry({ cwd: project({}), define, builtins: builtins() })).task('inline'));
    };
    expect(await check(task)).toMatchInlineSnapshot(`
      "a mistake in the task
      (code): "scorers[0]" cannot be "Shout!"
        → An id is made of lower-case letters, digits and hyphens, for example meeting-summary."
    `);
    expect(
      await check({ ...task, scorers: [shout, { words: { at: 0 } }], rubric: undefined, prompt: '{{who}}' }),
    ).toMatchInlineSnapshot(`
      "a mistake in task inline
      (code): "scorers[1].words.at" must be at least 1, not 0"
    `);
    expect(await check({ ...task, scorers: [{ ...shout, options: 5 }] })).toMatchInlineSnapshot(`
      "3 mistakes in the task
      (code): scorers[0].options must be an object
      (code): scale.max must be over scale.min, which is 3
      (code) prompt:1:6: the template cannot be read at "}"
        → A variable is {{name}}, a block {{#if name}} … {{/if}} or {{#each list}} … {{/each}}. Two braces that are meant as text are written \\{{."
    `);
    expect(await check({ ...task, scorers: [shout, null], generation: [] })).toMatchInlineSnapshot(`
      "2 mistakes in the task
      (code): "scorers[1]" is empty; it must be a text or a mapping
      (code): "generation" must be a mapping, not a list
        → How the model under test is asked, where the task wants something other than the runtime's defaults."
    `);
  });

  it('answer for a task without a rubric', async () => {
    const registry = await createRegistry({ cwd: project({}), builtins: builtins() });
    const task = defineTask({ id: 'a', dataset: [], prompt: '{{x}}', scorers: ['plain'] });
    const other = await createRegistry({ cwd: project({}), define: { tasks: [task] }, builtins: builtins() });
    expect(await said(registry.rubricOf(await other.task('a')))).toBe('(code): task a has no rubric');
    expect((await other.list()).find(({ id }) => id === 'a')).not.toHaveProperty('rubric');
  });
});

describe('list', () => {
  it('shows every kind, reserved scorers too, and what cannot be loaded', async () => {
    const broken = { ...builtins().scorers, lost: () => Promise.reject(new Error('no such module')) };
    const registry = await createRegistry({
      cwd: greetings({ 'rubrics/kindness.yaml': `${RUBRIC}title: 友善\ndescription: { en: Kind, zh: 友善 }\n` }),
      builtins: { scorers: broken, runtimes: builtins().runtimes },
    });
    const entries = (await registry.list()).filter(({ kind, from }) => kind !== 'task' || from === 'project');
    expect(
      entries.filter(({ id }) => id !== 'summarization').map(({ file, ...entry }) => entry),
    ).toMatchInlineSnapshot(`
      [
        {
          "from": "project",
          "id": "greet",
          "kind": "task",
          "rubric": "kindness",
        },
        {
          "description": {
            "en": "Kind",
            "zh": "友善",
          },
          "from": "project",
          "id": "kindness",
          "kind": "rubric",
          "title": {
            "en": "友善",
            "zh": "友善",
          },
        },
        {
          "description": {
            "en": "Grades by the rubric, with the judge that the run names.",
            "zh": "Grades by the rubric, with the judge that the run names.",
          },
          "from": "built-in",
          "id": "llm-judge",
          "kind": "scorer",
        },
        {
          "description": {
            "en": "Estimates the rubric from measurable signals; needs no model.",
            "zh": "Estimates the rubric from measurable signals; needs no model.",
          },
          "from": "built-in",
          "id": "baseline",
          "kind": "scorer",
        },
        {
          "description": {
            "en": "Counts words.",
            "zh": "Counts words.",
          },
          "from": "built-in",
          "id": "words",
          "kind": "scorer",
        },
        {
          "from": "built-in",
          "id": "plain",
          "kind": "scorer",
        },
        {
          "from": "built-in",
          "id": "lost",
          "kind": "scorer",
          "problem": "no such module",
        },
        {
          "from": "built-in",
          "id": "echo",
          "kind": "runtime",
        },
      ]
    `);
  });
});
