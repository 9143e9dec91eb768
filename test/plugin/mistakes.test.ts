import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/plugin/registry.js';
import { builtins, greetings, RUBRIC, said, TASK } from './project.js';

async function task(files: Record<string, string | Buffer>, id = 'greet'): Promise<string> {
  const cwd = greetings(files);
  return said(async () => (await createRegistry({ cwd, builtins: builtins() })).task(id), cwd);
}

async function taskYaml(yaml: string): Promise<string> {
  return task({ 'plugins/greet/task.yaml': yaml });
}

async function prompt(template: string): Promise<string> {
  return task({ 'plugins/greet/prompt.hbs': template });
}

async function rubric(yaml: string): Promise<string> {
  const cwd = greetings({ 'rubrics/kindness.yaml': yaml });
  return said(async () => (await createRegistry({ cwd, builtins: builtins() })).rubric('kindness'), cwd);
}

describe('a mistake in task.yaml is told with its place, what is wrong and what to do', () => {
  it('a misspelt key', async () => {
    expect(await taskYaml(TASK.replace('prompt:', 'promt:'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:3:1: unknown key "promt" in the task
        → Did you mean "prompt"?"
    `);
  });
  it('a key that nothing is like', async () => {
    expect(await taskYaml(`${TASK}colour: red\n`)).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:8:1: unknown key "colour" in the task
        → Keys are: title, description, category, language, recorded, system, primary, generation."
    `);
  });
  it('a missing key', async () => {
    expect(await taskYaml('id: greet\nprompt: prompt.hbs\nscorers: [plain]\n')).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:1:1: "dataset" is missing in the task
        → A .jsonl file, relative to this file: one sample on each line."
    `);
  });
  it('a number for a text', async () => {
    expect(await taskYaml(`${TASK}title: 2024\n`)).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:8:8: "title" must be a text or a mapping, not 2024
        → Put it in quotes: "2024"."
    `);
  });
  it('a text for a number', async () => {
    expect(await taskYaml(`${TASK}generation:\n  maxTokens: "512"\n  temperature: hot\n`)).toMatchInlineSnapshot(`
      "2 mistakes in the task
      plugins/greet/task.yaml:9:14: "generation.maxTokens" must be a whole number, not "512"
        → Write it without quotes: 512.
      plugins/greet/task.yaml:10:16: "generation.temperature" must be a number, not "hot"
        → 0 (always the likeliest token) to 2."
    `);
  });
  it('a number out of bounds', async () => {
    expect(await taskYaml(`${TASK}generation: { maxTokens: 0, temperature: 3, topP: 0 }\n`)).toMatchInlineSnapshot(`
      "3 mistakes in the task
      plugins/greet/task.yaml:8:26: "generation.maxTokens" must be at least 1, not 0
      plugins/greet/task.yaml:8:42: "generation.temperature" must be at most 2, not 3
      plugins/greet/task.yaml:8:51: "generation.topP" must be over 0, not 0"
    `);
  });
  it('an id that is none', async () => {
    expect(await taskYaml(TASK.replace('id: greet', 'id: Greet People'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:1:5: "id" cannot be "Greet People"
        → An id is made of lower-case letters, digits and hyphens, for example meeting-summary."
    `);
  });
  it('several at once, in the order of the file', async () => {
    expect(await taskYaml('id: greet\nscorers: []\ndataset: data.csv\nlang: zh\nprompt:\n')).toMatchInlineSnapshot(`
      "4 mistakes in the task
      plugins/greet/task.yaml:2:1: "scorers" is an empty list
        → How answers are scored: ids of scorers, some with options.
      plugins/greet/task.yaml:3:10: "dataset" cannot be "data.csv"
        → A .jsonl file, relative to this file: one sample on each line.
      plugins/greet/task.yaml:4:1: unknown key "lang" in the task
        → Keys are: title, description, category, language, recorded, system, rubric, primary, generation.
      plugins/greet/task.yaml:5:8: "prompt" is empty; it must be a text
        → The prompt template (handlebars): the name of a file that ends in .hbs, relative to this file, or the text itself."
    `);
  });
  it('a title in one language only', async () => {
    expect(await taskYaml(`${TASK}title:\n  zh: 问候\n`)).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:8:1: "en" is missing in "title"
        → In English."
    `);
  });
  it('a scorer with two keys', async () => {
    expect(await taskYaml(TASK.replace('{ at: 3 }', '{ at: 3 }\n    name: long'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:7:5: "scorers[1]" takes at most 1 key, not words, name
        → A scorer is an id, an id with options such as { rouge: { tokenizer: jieba } }, or { scorer: rouge, name: …, options: {…} }."
    `);
  });
  it('a scorer without its options', async () => {
    expect(await taskYaml(TASK.replace(' { at: 3 }', ''))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:7:11: "scorers[1].words" is empty; it must be a mapping
        → Options of the scorer; one without options is written by its id alone, without a colon."
    `);
  });
  it('an unknown scorer', async () => {
    expect(await taskYaml(TASK.replace('words: { at: 3 }', 'wrods'))).toMatchInlineSnapshot(`
      "a mistake in task greet
      plugins/greet/task.yaml:7:5: there is no scorer "wrods"
        → Did you mean "words"?"
    `);
  });
  it('wrong options of a scorer', async () => {
    expect(await taskYaml(TASK.replace('{ at: 3 }', '{ att: 3, language: cn }'))).toMatchInlineSnapshot(`
      "2 mistakes in task greet
      plugins/greet/task.yaml:7:14: unknown key "att" in the options of words
        → Did you mean "at"?
      plugins/greet/task.yaml:7:32: "scorers[1].words.language" must be en or zh, not "cn"
        → Did you mean "en"?"
    `);
  });
  it('options for a scorer that takes none', async () => {
    expect(await taskYaml(TASK.replace('words: { at: 3 }', 'plain: { at: 3 }'))).toMatchInlineSnapshot(`
      "a mistake in task greet
      plugins/greet/task.yaml:7:14: unknown key "at" in the options of plain
        → It takes no keys."
    `);
  });
  it('wrong options of llm-judge', async () => {
    expect(await taskYaml(TASK.replace('- llm-judge', '- llm-judge: { temperature: 9 }'))).toMatchInlineSnapshot(`
      "a mistake in task greet
      plugins/greet/task.yaml:6:31: "scorers[0].llm-judge.temperature" must be at most 2, not 9"
    `);
  });
  it('a scorer twice under one name', async () => {
    expect(await taskYaml(`${TASK}  - words\n`)).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:8:5: a second scorer is named "words"
        → Name one of them: { scorer: words, name: words-2, options: {…} }."
    `);
  });
  it('a primary that is no scorer', async () => {
    expect(await taskYaml(`${TASK}primary: word\n`)).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:8:10: primary: no scorer of this task is named "word"
        → Did you mean "words"?"
    `);
  });
  it('llm-judge without a rubric', async () => {
    expect(await taskYaml(TASK.replace('rubric: kindness\n', ''))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:5:5: llm-judge needs a rubric, and the task has none
        → Name one: rubric: summarization."
    `);
  });
  it('an unknown rubric', async () => {
    expect(await taskYaml(TASK.replace('kindness', 'kindnes'))).toMatchInlineSnapshot(`
      "a mistake in task greet
      plugins/greet/task.yaml:4:9: there is no rubric "kindnes"
        → Did you mean "kindness"?"
    `);
  });
  it('a dataset that is not there', async () => {
    expect(await taskYaml(TASK.replace('dataset.jsonl', 'datset.jsonl'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:2:10: dataset: there is no file plugins/greet/datset.jsonl
        → Did you mean "dataset.jsonl"?"
    `);
  });
  it('a folder that is not there', async () => {
    expect(await taskYaml(TASK.replace('dataset.jsonl', '../data/rows.jsonl'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:2:10: dataset: there is no file plugins/data/rows.jsonl
        → There is no folder plugins/data either. Paths are relative to the task's file."
    `);
  });
  it('a template that is not there', async () => {
    expect(await taskYaml(TASK.replace('prompt.hbs', 'promt.hbs'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:3:9: prompt: there is no file plugins/greet/promt.hbs
        → Did you mean "prompt.hbs"?"
    `);
  });
  it('a template file that does not end in .hbs', async () => {
    expect(await taskYaml(TASK.replace('prompt.hbs', 'prompt.txt'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:3:9: prompt: "prompt.txt" is taken as the template's text
        → A template file ends in .hbs."
    `);
  });
});

describe('a mistake in the YAML itself', () => {
  it('a key that stands twice', async () => {
    expect(await taskYaml(`${TASK}id: other\n`)).toMatchInlineSnapshot(`
      "the YAML cannot be read
      plugins/greet/task.yaml:8:1: the key id stands here a second time
        → Remove one of them."
    `);
  });
  it('a tab', async () => {
    expect(await taskYaml(`${TASK}generation:\n\tmaxTokens: 5\n`)).toMatchInlineSnapshot(`
      "the YAML cannot be read
      plugins/greet/task.yaml:9:1: a tab indents this line
        → YAML is indented with spaces only."
    `);
  });
  it('a second document', async () => {
    expect(await taskYaml(`${TASK}---\nid: other\n`)).toMatchInlineSnapshot(`
      "the YAML cannot be read
      plugins/greet/task.yaml:8:1: a second document begins here
        → One file holds one plugin: remove the line ---."
    `);
  });
  it('braces without quotes', async () => {
    expect(await taskYaml(TASK.replace('prompt.hbs', '{{name}}'))).toMatchInlineSnapshot(`
      "the YAML cannot be read
      plugins/greet/task.yaml:3:10: a key must be a text
        → A value that begins with { or [ must be in quotes: "{{name}}"."
    `);
  });
  it('a second colon', async () => {
    expect(await taskYaml(`${TASK}title: Greet: people\n`)).toMatchInlineSnapshot(`
      "the YAML cannot be read
      plugins/greet/task.yaml:8:8: a second ": " in one line
        → A text that contains ": " must be in quotes."
    `);
  });
  it('wrong indentation', async () => {
    expect(await taskYaml(`${TASK}generation:\n    seed: 1\n   maxTokens: 1\n`)).toMatchInlineSnapshot(`
      "the YAML cannot be read
      plugins/greet/task.yaml:10:1: the indentation does not fit
        → Keys of one mapping begin in the same column."
    `);
  });
  it('a quote that is never closed', async () => {
    expect(await taskYaml(`${TASK}title: "Greet\n`)).toMatchInlineSnapshot(`
      "the YAML cannot be read
      plugins/greet/task.yaml:9:1: a quote, a bracket or a key is not closed
        → Check quotes, brackets, commas and the ": " after each key."
    `);
  });
  it('full-width colons', async () => {
    expect(await taskYaml('id：greet\nprompt：x\n')).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:1:1: the task must be a mapping, not "id：greet prompt：x"
        → The colon must be ": ", not the full-width ：."
    `);
    expect(await taskYaml('id：greet\n')).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:1:1: the task must be a mapping, not "id：greet"
        → The colon must be ": ", not the full-width ：."
    `);
  });
  it('a text that begins with a reserved character', async () => {
    expect(await taskYaml(`${TASK}description: @home\n`)).toMatchInlineSnapshot(`
      "the YAML cannot be read
      plugins/greet/task.yaml:8:14: a text cannot begin with @
        → Put the text in quotes."
    `);
  });
  it('a star that is taken for an alias', async () => {
    expect(await taskYaml(`${TASK}description: *bold* words\n`)).toMatchInlineSnapshot(`
      "the YAML cannot be read
      plugins/greet/task.yaml:8:21: unexpected scalar at node end
        → A text with special characters must be in quotes."
    `);
  });
  it('a tag', async () => {
    expect(await taskYaml(`${TASK}description: !!js/function "() => 1"\n`)).toMatchInlineSnapshot(`
      "the YAML cannot be read
      plugins/greet/task.yaml:8:14: the tag !!js/function is not available
        → Plain YAML values are enough for a plugin."
    `);
  });
  it('an alias bomb', async () => {
    const levels = 'abcdefgh'.split('').map((name, index, all) => {
      const item = index === 0 ? 'x' : `*${all[index - 1]}`;
      return `${name}: &${name} [${Array(9).fill(item).join(', ')}]\n`;
    });
    expect(await taskYaml(TASK + levels.join(''))).toMatchInlineSnapshot(`
      "plugins/greet/task.yaml: aliases multiply to more than 100 times their size
        → Write the values out."
    `);
  });
  it('another encoding', async () => {
    const gb18030 = Buffer.concat([Buffer.from(TASK), Buffer.from('title: '), Buffer.from([0xce, 0xca, 0xba, 0xf2])]);
    const cwd = greetings({ 'plugins/greet/task.yaml': gb18030 });
    expect(await said(createRegistry({ cwd, builtins: builtins() }), cwd)).toMatchInlineSnapshot(`
      "plugins/greet/task.yaml: the file is not UTF-8
        → Save it as UTF-8 (in an editor: "Save with encoding"; in a shell: iconv -f GB18030 -t UTF-8)."
    `);
  });
  it('nothing in it, or no mapping', async () => {
    expect(await taskYaml('')).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:1:1: the task is empty; it must be a mapping
        → A judgekit task: a prompt template, a dataset, and how the answers are scored."
    `);
    expect(await taskYaml('- id: greet\n')).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:1:1: the task must be a mapping, not a list
        → A judgekit task: a prompt template, a dataset, and how the answers are scored."
    `);
  });
});

describe('a mistake in a template', () => {
  it('a block that is never closed', async () => {
    expect(await prompt('Greet\n{{#each names}}\n{{this}}\n')).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/prompt.hbs:2:1: {{#each names}} is never closed
        → Close it with {{/each}}."
    `);
  });
  it('a block that is closed by another', async () => {
    expect(await prompt('{{#if name}}\n  {{/each}}\n')).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/prompt.hbs:1:4: {{#if}} is closed by {{/each}}"
    `);
  });
  it('a closing tag alone', async () => {
    expect(await prompt('中文\n{{name}} {{/if}}\n')).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/prompt.hbs:2:10: {{/if}} closes a block that was never opened"
    `);
  });
  it('braces of JSON', async () => {
    expect(await prompt('Reply in this form:\n{"a": {{"b": 1}} }\n')).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/prompt.hbs:2:7: a literal stands where a variable is needed
        → A variable is {{name}}, a block {{#if name}} … {{/if}} or {{#each list}} … {{/each}}. Two braces that are meant as text are written \\{{."
    `);
  });
  it('unknown helpers and partials, all at once', async () => {
    expect(
      await prompt('{{upper name}}\n{{> footer}}\n{{#eahc names}}x{{/eahc}}\n{{constructor}}'),
    ).toMatchInlineSnapshot(`
      "4 mistakes in the task
      plugins/greet/prompt.hbs:1:1: unknown helper "upper"
        → Helpers are: if, unless, each, with, lookup. A variable name with spaces is written {{[a name]}}.
      plugins/greet/prompt.hbs:2:1: partials and decorators are not available in a prompt template
        → Write the text out here.
      plugins/greet/prompt.hbs:3:1: {{#eahc}} is not a block helper
        → Did you mean "each"?
      plugins/greet/prompt.hbs:4:3: "constructor" cannot be read from a template"
    `);
  });
  it('in a template that stands in task.yaml, with its place there', async () => {
    expect(await taskYaml(TASK.replace('prompt.hbs', '|\n  Dear {{name}},\n  {{>footer}}\n'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:5:3: partials and decorators are not available in a prompt template
        → Write the text out here."
    `);
    expect(await taskYaml(TASK.replace('prompt.hbs', '"Dear {{name}} {{> x}}"'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:3:24: partials and decorators are not available in a prompt template
        → Write the text out here."
    `);
    expect(await taskYaml(TASK.replace('prompt.hbs', 'Dear {{name}} {{> x}}'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:3:23: partials and decorators are not available in a prompt template
        → Write the text out here."
    `);
    expect(await taskYaml(TASK.replace('prompt.hbs', '>\n  Dear\n  {{> x}}\n'))).toMatchInlineSnapshot(`
      "a mistake in the task
      plugins/greet/task.yaml:3:9: partials and decorators are not available in a prompt template
        → Write the text out here."
    `);
  });
});

describe('a mistake in a rubric', () => {
  const scaled = (scale: string, rest = '') => rubric(RUBRIC.replace('{ min: 1, max: 5 }', scale) + rest);
  it('a scale upside down', async () => {
    expect(await scaled('{ min: 5, max: 1 }')).toMatchInlineSnapshot(`
      "a mistake in the rubric
      rubrics/kindness.yaml:2:23: scale.max must be over scale.min, which is 5"
    `);
  });
  it('a step that does not reach the end', async () => {
    expect(await scaled('{ min: 0, max: 1, step: 0.3 }')).toMatchInlineSnapshot(`
      "a mistake in the rubric
      rubrics/kindness.yaml:2:32: scale.step 0.3 does not lead from 0 to 1
        → From 0 in steps of 0.3 no score is exactly 1; choose a step that divides 1."
    `);
  });
  it('anchors off the scale, or that are none', async () => {
    expect(
      await scaled('\n  min: 1\n  max: 5\n  anchors:\n    "1-6": a\n    "5-4": b\n    good: c'),
    ).toMatchInlineSnapshot(`
      "3 mistakes in the rubric
      rubrics/kindness.yaml:6:5: scale.anchors.1-6: "1-6" is not on the scale 1 to 5
      rubrics/kindness.yaml:7:5: scale.anchors.5-4: "5-4" begins above its end
      rubrics/kindness.yaml:8:5: scale.anchors.good: "good" is no value of the scale
        → Write a value or a range of the scale, such as "7-8" or "0.5"."
    `);
  });
  it('a reference score off the scale', async () => {
    expect(await scaled('{ min: 1, max: 5 }', 'referenceScore: 8\n')).toMatchInlineSnapshot(`
      "a mistake in the rubric
      rubrics/kindness.yaml:6:17: referenceScore 8 is not on the scale 1 to 5"
    `);
  });
  it('an overall rule that is none', async () => {
    expect(await rubric(RUBRIC.replace('judge', 'weighted_mean'))).toMatchInlineSnapshot(`
      "a mistake in the rubric
      rubrics/kindness.yaml:5:10: "overall" must be judge or weighted-mean, not "weighted_mean"
        → Did you mean "weighted-mean"?"
    `);
  });
  it('two dimensions of one id', async () => {
    expect(
      await rubric(RUBRIC.replace('overall', '  - { id: warmth, description: Again? }\noverall')),
    ).toMatchInlineSnapshot(`
      "a mistake in the rubric
      rubrics/kindness.yaml:5:11: a second dimension has the id "warmth""
    `);
  });
  it('a weighted mean of nothing', async () => {
    const none = RUBRIC.replace(/dimensions:\n.*\n/, 'dimensions: []\n').replace('judge', 'weighted-mean');
    expect(await rubric(none)).toMatchInlineSnapshot(`
      "a mistake in the rubric
      rubrics/kindness.yaml:4:10: overall: weighted-mean needs dimensions to weigh
        → Add dimensions, or let the judge give the score: overall: judge."
    `);
    const weightless = RUBRIC.replace('warmth,', 'warmth, weight: 0,').replace('judge', 'weighted-mean');
    expect(await rubric(weightless)).toMatchInlineSnapshot(`
      "a mistake in the rubric
      rubrics/kindness.yaml:5:10: overall: weighted-mean needs a dimension with a weight over 0"
    `);
  });
  it('an unknown signal', async () => {
    expect(await rubric(RUBRIC.replace('warmth,', 'warmth, estimate: covrage,'))).toMatchInlineSnapshot(`
      "a mistake in the rubric
      rubrics/kindness.yaml:4:29: "dimensions[0].estimate" must be coverage, faithfulness, relevance, length, repetition, format or fluency, not "covrage"
        → Did you mean "coverage"?"
    `);
    expect(
      await rubric(RUBRIC.replace('warmth,', 'warmth, estimate: { covrage: 1, length: 0 },')),
    ).toMatchInlineSnapshot(`
      "2 mistakes in the rubric
      rubrics/kindness.yaml:4:31: "covrage" cannot stand in "dimensions[0].estimate" as a key
        → Did you mean "coverage"?
      rubrics/kindness.yaml:4:51: "dimensions[0].estimate.length" must be over 0, not 0"
    `);
    expect(await rubric(RUBRIC.replace('warmth,', 'warmth, estimate: [coverage],'))).toMatchInlineSnapshot(`
      "a mistake in the rubric
      rubrics/kindness.yaml:4:19: "dimensions[0].estimate" must be a text or a mapping, not a list
        → The measurable signals that the built-in baseline judge uses for this dimension: one, or several with weights."
    `);
  });
  it('makes the task that names it unusable', async () => {
    expect(await task({ 'rubrics/kindness.yaml': RUBRIC.replace('overall: judge', '') })).toMatchInlineSnapshot(`
      "a mistake in the rubric
      rubrics/kindness.yaml:1:1: "overall" is missing in the rubric
        → \`judge\`: the judge gives the overall score. \`weighted-mean\`: it is computed from the dimensions by weight."
    `);
  });
});

describe('ids', () => {
  it('taken twice are refused with both places', async () => {
    const cwd = greetings({ 'plugins/other/task.yaml': TASK.replaceAll('dataset.jsonl', '../greet/dataset.jsonl') });
    expect(await said(createRegistry({ cwd, builtins: builtins() }), cwd)).toMatchInlineSnapshot(`
      "a mistake in the set of plugins
      plugins/other/task.yaml: task "greet" is here a second time; the first is plugins/greet/task.yaml (project)
        → Give one of them another id."
    `);
  });
  it('that are unknown are answered with the nearest', async () => {
    const cwd = greetings();
    const registry = await createRegistry({ cwd, builtins: builtins() });
    expect(await said(registry.task('gret'))).toMatchInlineSnapshot(`
      "there is no task "gret"
        → Did you mean "greet"? \`judge list\` shows all."
    `);
    expect(await said(registry.rubric('summarisation'))).toMatchInlineSnapshot(`
      "there is no rubric "summarisation"
        → Did you mean "summarization"? \`judge list\` shows all."
    `);
    expect(await said(registry.scorer('xyz'))).toMatchInlineSnapshot(`
      "there is no scorer "xyz"
        → \`judge list\` shows what there is."
    `);
    expect(await said(registry.runtime('ecoh'))).toMatchInlineSnapshot(`
      "there is no runtime "ecoh"
        → Did you mean "echo"? \`judge list\` shows all."
    `);
    expect(await said(registry.tasks({ ids: ['greet', 'grete'] }))).toMatchInlineSnapshot(`
      "there is no task "grete"
        → Did you mean "greet"? \`judge list\` shows all."
    `);
    expect(await said(registry.tasks({ category: 'text-sumarization' }))).toMatchInlineSnapshot(`
      "no task has category "text-sumarization"
        → Did you mean "text-summarization"? \`judge list\` shows all."
    `);
    expect(await said(registry.tasks({ rubric: 'kindnes' }))).toMatchInlineSnapshot(`
      "there is no rubric "kindnes"
        → Did you mean "kindness"? \`judge list\` shows all."
    `);
    expect(await said(registry.tasks({ ids: ['greet'], rubric: 'summarization' }))).toMatchInlineSnapshot(`
      "no task is one of greet and is judged by rubric "summarization"
        → \`judge list\` shows what there is."
    `);
  });
  it('of a plugin that is not there', async () => {
    const cwd = greetings({ 'empty/notes.txt': 'nothing' });
    const plugin = (name: string) => said(createRegistry({ cwd, plugins: [name], builtins: builtins() }), cwd);
    expect(await plugin('./nowhere')).toMatchInlineSnapshot(`
      "there is no plugin ./nowhere: neither a file or folder nowhere nor an installed package
        → Give the path of a task folder, a rubric, a module or a folder with plugins/ and rubrics/; or npm install the package."
    `);
    expect(await plugin('judgekit-plugin-none')).toMatchInlineSnapshot(`
      "there is no plugin judgekit-plugin-none: neither a file or folder judgekit-plugin-none nor an installed package
        → Give the path of a task folder, a rubric, a module or a folder with plugins/ and rubrics/; or npm install the package."
    `);
    expect(await plugin('empty')).toMatchInlineSnapshot(`
      "empty: there is no plugin in this folder
        → A task has task.yaml in its folder; a collection has plugins/<id>/task.yaml or rubrics/<id>.yaml."
    `);
    expect(await plugin('plugins/greet/prompt.hbs')).toMatchInlineSnapshot(`
      "plugins/greet/prompt.hbs: this file is no plugin
        → A plugin is a task.yaml, a rubric (.yaml) or a module (.js, .mjs, .ts)."
    `);
  });
});
