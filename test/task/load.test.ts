import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTask } from '../../src/task/load.js';
import type { TaskDefinition } from '../../src/task/types.js';
import { greetings, project, said, TASK } from '../plugin/project.js';

const SAMPLE = { id: 's-1', variables: { name: '小明' }, targets: [] };

describe('loadTask', () => {
  it('loads a folder or a file', async () => {
    const cwd = greetings();
    const folder = join(cwd, 'plugins/greet');
    const task = await loadTask(folder);
    expect(task.file).toBe(join(folder, 'task.yaml'));
    expect(await loadTask(join(folder, 'task.yaml'))).toMatchObject({ id: 'greet', hash: task.hash });
    expect(task.variables).toEqual([{ name: 'name', file: join(folder, 'prompt.hbs'), line: 1, column: 9 }]);
    expect(task.render(SAMPLE)).toEqual([{ role: 'user', content: 'Greet 小明.' }]);
  });

  it('says when there is nothing to load', async () => {
    const cwd = project({ 'empty/x': '' });
    expect(await said(loadTask(join(cwd, 'empty')), cwd)).toBe('empty: there is no task.yaml in this folder');
    expect(await said(loadTask(join(cwd, 'none.yaml')), cwd)).toBe('none.yaml: there is no such file');
    expect(await said(loadTask(join(cwd, 'empty/x/task.yaml')), cwd)).toMatch('the file cannot be read (ENOTDIR)');
  });

  it('renders a system message first, from a file or from text', async () => {
    const cwd = greetings({
      'plugins/greet/task.yaml': `${TASK}system: system.hbs\n`,
      'plugins/greet/system.hbs': 'You are {{role}} to {{name}}.\r\n',
    });
    const task = await loadTask(join(cwd, 'plugins/greet'));
    expect(task.variables.map(({ name }) => name)).toEqual(['role', 'name']);
    expect(task.render({ ...SAMPLE, variables: { name: 'n', role: 'r' } })).toEqual([
      { role: 'system', content: 'You are r to n.' },
      { role: 'user', content: 'Greet n.' },
    ]);
    const inline = await loadTask({ id: 'a', dataset: [], prompt: '{{x}}', system: 'Be brief.', scorers: ['plain'] });
    expect(inline.render({ ...SAMPLE, variables: { x: 1 } })[0]).toEqual({ role: 'system', content: 'Be brief.' });
  });

  it('names the sample where a template cannot be filled', async () => {
    const task = await loadTask({ id: 'a', dataset: [], prompt: 'Dear\n{{who.name}}', scorers: ['plain'] });
    expect(await said(() => task.render({ ...SAMPLE, variables: { who: { nmae: 'x' } } }))).toMatchInlineSnapshot(`
      "(code) prompt:2:3: sample s-1: "who.name" has no value in the prompt template
        → Did you mean "nmae"?"
    `);
  });

  it('reads all ways to name a scorer', async () => {
    const scorer = { id: 'own', score: () => ({ value: 1 }) };
    const { scorers, primary } = await loadTask({
      id: 'a',
      dataset: [],
      prompt: '{{x}}',
      scorers: [
        'plain',
        { rouge: { types: ['rouge1'] } },
        { scorer: 'rouge', name: 'rouge-2', options: { types: [] } },
        { scorer: 'words' },
        scorer,
      ],
      primary: 'rouge-2',
    });
    expect(primary).toBe('rouge-2');
    expect(scorers).toEqual([
      { name: 'plain', scorer: 'plain', options: {} },
      { name: 'rouge', scorer: 'rouge', options: { types: ['rouge1'] } },
      { name: 'rouge-2', scorer: 'rouge', options: { types: [] } },
      { name: 'words', scorer: 'words', options: {} },
      { name: 'own', scorer, options: {} },
    ]);
  });

  it('takes the language from the template where none is given', async () => {
    const language = async (prompt: string, given?: string) =>
      (await loadTask({ id: 'a', dataset: [], prompt, scorers: ['plain'], language: given })).language;
    expect(await language('Summarise {{x}}')).toBe('en');
    expect(await language('总结 {{x}}')).toBe('zh');
    expect(await language('要約してください {{x}}')).toBe('en');
    expect(await language('总结 {{x}}', 'zh-Hant')).toBe('zh-Hant');
  });

  it('keeps category, description and generation settings, and fills what is left out', async () => {
    const cwd = greetings({
      'plugins/greet/task.yaml': `${TASK}category: manners\ndescription: 问候\ntitle: { en: Greet, zh: 问候 }\ngeneration: { maxTokens: 9, stop: ["\\n"] }\n`,
    });
    expect(await loadTask(join(cwd, 'plugins/greet'))).toMatchObject({
      category: 'manners',
      title: { en: 'Greet', zh: '问候' },
      description: { en: '问候', zh: '问候' },
      generation: { maxTokens: 9, stop: ['\n'] },
    });
    expect(await loadTask(join(greetings(), 'plugins/greet'))).not.toHaveProperty('recorded');
  });

  it('resolves paths from the file, and for code from baseDir', async () => {
    const cwd = greetings({ 'plugins/greet/task.yaml': `${TASK}recorded: ../../out.jsonl\n`, 'out.jsonl': '' });
    const task = await loadTask(join(cwd, 'plugins/greet'));
    expect(task.recorded).toBe(join(cwd, 'out.jsonl'));
    expect(task.dataset.file).toBe(join(cwd, 'plugins/greet/dataset.jsonl'));
    const code = await loadTask({
      id: 'a',
      dataset: 'dataset.jsonl',
      prompt: 'prompt.hbs',
      scorers: ['plain'],
      baseDir: join(cwd, 'plugins/greet'),
    });
    expect(code.dataset.file).toBe(task.dataset.file);
    expect(code.render(SAMPLE)[0]?.content).toBe('Greet 小明.');
  });
});

describe('the hash of a task', () => {
  const base: TaskDefinition = { id: 'a', dataset: [], prompt: '{{x}}', scorers: ['plain'], rubric: 'r' };
  const hash = async (change: Partial<TaskDefinition>) => (await loadTask({ ...base, ...change })).hash;

  it('does not depend on the order of keys, comments or line endings', async () => {
    const yaml = 'id: a\ndataset: d.jsonl\nprompt: p.hbs\nscorers: [plain]\n';
    const reordered = '# comment\r\nscorers:\r\n  - plain\r\nprompt: "p.hbs"\r\ndataset: d.jsonl\r\nid: a\r\n';
    const hashes = await Promise.all(
      [yaml, reordered].map(async (text) => {
        const cwd = project({
          'task.yaml': text,
          'd.jsonl': '',
          'p.hbs': text === yaml ? 'a\n{{x}}\n' : 'a\r\n{{x}}\r\n',
        });
        return (await loadTask(cwd)).hash;
      }),
    );
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('changes with every part of the definition and with the template', async () => {
    const hashes = await Promise.all([
      hash({}),
      hash({ prompt: '{{x}}!' }),
      hash({ system: 's' }),
      hash({ title: 't' }),
      hash({ rubric: 'q' }),
      hash({ generation: { seed: 1 } }),
      hash({ scorers: ['words'] }),
    ]);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(await hash({ title: undefined })).toBe(hashes[0]);
  });

  it('changes when only the text of a template file does', async () => {
    const before = await loadTask(join(greetings(), 'plugins/greet'));
    const after = await loadTask(join(greetings({ 'plugins/greet/prompt.hbs': 'Hail {{name}}.' }), 'plugins/greet'));
    expect(before.hash).not.toBe(after.hash);
  });
});
