import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { PluginError } from '../../src/errors.js';
import type { JsonObject } from '../../src/json.js';
import { compileTemplate } from '../../src/task/template.js';

const compile = (source: string) => compileTemplate(source, (position) => ({ file: 'prompt.hbs', ...position }));
const render = (source: string, row: JsonObject) => compile(source).render(row);
/** Names of the variables; each must stand where it is said to. */
const names = (source: string) =>
  compile(source).variables.map(({ name, line, column }) => {
    const there = source.split('\n')[line - 1]!.slice(column - 1);
    expect(there.replace(/^(\.\.\/|@root\.|this\.|\.\/)+/, '').startsWith(name)).toBe(true);
    return name;
  });

function problem(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    expect(error).toBeInstanceOf(PluginError);
    return (error as PluginError).describe();
  }
  throw new Error('nothing was thrown');
}

const ROW: JsonObject = {
  title: '周会',
  count: 0,
  open: false,
  none: null,
  meeting: { place: '二楼', host: { name: '小林' } },
  people: [{ name: '小明', role: '前端' }, { name: '小红' }],
  words: ['一', '二'],
};

describe('rendering', () => {
  it('puts values in as they are, without escaping for HTML', () => {
    expect(render('{{a}} {{{a}}}', { a: '<b> & "引号" \'x\' 😀' })).toBe('<b> & "引号" \'x\' 😀 <b> & "引号" \'x\' 😀');
  });

  it('writes numbers and booleans, and nothing for null', () => {
    expect(render('{{count}}|{{open}}|{{none}}|', ROW)).toBe('0|false||');
  });

  it('knows if, unless, each, with, lookup, else, @index, block parameters and ../', () => {
    expect(render('{{#each people}}{{@index}}{{name}}{{#if role}}({{role}}){{/if}};{{/each}}', ROW)).toBe(
      '0小明(前端);1小红;',
    );
    expect(render('{{#each words as |word i|}}{{i}}{{word}}{{../title}}{{/each}}', ROW)).toBe('0一周会1二周会');
    expect(
      render('{{#with meeting}}{{place}}{{#with host}}{{name}}{{../place}}{{@root.title}}{{/with}}{{/with}}', ROW),
    ).toBe('二楼小林二楼周会');
    expect(
      render('{{#unless open}}关{{else}}开{{/unless}}{{lookup words 1}}{{lookup (lookup people 0) "name"}}', ROW),
    ).toBe('关二小明');
    expect(render('{{#each none}}x{{else}}空{{/each}}{{#if count includeZero=true}}零{{/if}}', ROW)).toBe('空零');
    expect(render('{{#each meeting.host}}{{@key}}={{this}}{{#if @first}}!{{/if}}{{/each}}', ROW)).toBe('name=小林!');
    expect(render('{{#if open}}a{{else if title}}b{{else}}c{{/if}}', ROW)).toBe('b');
  });

  it('takes names with spaces, in Chinese, and names of helpers', () => {
    expect(
      render('{{[会议 记录]}}{{标题}}{{this.if}}{{./lookup}}', { '会议 记录': 'a', 标题: 'b', if: 'c', lookup: 'd' }),
    ).toBe('abcd');
  });

  it('does not take the line break at the end of the file for part of the prompt', () => {
    expect(render('一\n{{title}}\n\n', ROW)).toBe('一\n周会');
    expect(render('{{title}}\n', { title: 'x\n' })).toBe('x\n');
  });

  it('takes escaped braces for text', () => {
    expect(render('\\{{title}} {{title}}', ROW)).toBe('{{title}} 周会');
  });

  it('never reads a value as a template', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.constantFrom('{{title}}', '{{{x}}}', '{{#each a}}', '\\{{', '__proto__', '{{> p}}'),
        ),
        (value) => {
          expect(render('[{{value}}]', { value })).toBe(`[${value}]`);
        },
      ),
    );
  });

  it('reads own values only: what objects inherit is no value, and no warning is printed', () => {
    const warn = vi.spyOn(console, 'error');
    const log = vi.spyOn(console, 'log');
    expect(problem(() => render('{{words.map}}', ROW))).toMatch('"words.map" has no value');
    expect(problem(() => render('{{title.length.x}}', ROW))).toMatch('has no value');
    const row = JSON.parse('{"__proto__":{"admin":"x"},"constructor":"c","safe":"s"}') as JsonObject;
    expect(render('{{safe}}', row)).toBe('s');
    expect(problem(() => render('{{admin}}', row))).toMatch('"admin" has no value');
    for (const name of ['__proto__', 'constructor', 'toString', 'safe.constructor.name']) {
      expect(problem(() => compile(`{{${name}}}`))).toMatch('cannot be read from a template');
    }
    expect(problem(() => render('{{lookup safe "constructor"}}', row))).toMatch('has no value');
    expect(warn).not.toHaveBeenCalled();
    expect(log).not.toHaveBeenCalled();
  });
});

describe('a value that is missing or does not fit', () => {
  it('names line, path and what there is', () => {
    expect(problem(() => render('会议\n  {{meeting.plce}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:2:5: "meeting.plce" has no value in the prompt template
        → Did you mean "place"?"
    `);
    expect(problem(() => render('{{titel}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:3: "titel" has no value in the prompt template
        → Did you mean "title"?"
    `);
    expect(problem(() => render('{{meeting.host.age}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:3: "meeting.host.age" has no value in the prompt template
        → There are: name."
    `);
    expect(problem(() => render('{{title.zh}}', ROW))).toMatchInlineSnapshot(
      `"prompt.hbs:1:3: "title.zh" has no value in the prompt template"`,
    );
    expect(problem(() => render('{{none.zh}}', ROW))).toMatchInlineSnapshot(
      `"prompt.hbs:1:3: "none.zh" has no value in the prompt template"`,
    );
    expect(problem(() => render('{{words.first}}', ROW))).toMatchInlineSnapshot(
      `"prompt.hbs:1:3: "words.first" has no value in the prompt template"`,
    );
  });

  it('inside a block', () => {
    expect(problem(() => render('{{#each people}}{{role}}{{/each}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:19: "role" has no value in the prompt template
        → Inside a block, values are those of its list or object."
    `);
    expect(problem(() => render('{{#each people}}{{title}}{{/each}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:19: "title" has no value in the prompt template
        → The row has it: inside a block write {{@root.title}}."
    `);
    expect(problem(() => render('{{#each people as |one|}}{{one.nme}}{{/each}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:28: "one.nme" has no value in the prompt template
        → Inside a block, values are those of its list or object."
    `);
    expect(problem(() => render('{{#each people}}{{#each tags}}x{{/each}}{{/each}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:25: "tags" has no value in the prompt template
        → Inside a block, values are those of its list or object."
    `);
    expect(problem(() => render('{{#with meeting.room}}x{{/with}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:9: "meeting.room" has no value in the prompt template
        → There are: place, host."
    `);
  });

  it('that is no text, or no list', () => {
    expect(problem(() => render('{{meeting}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:3: "meeting" is an object and must be a text in the prompt template
        → Name what is wanted of it, or change the row."
    `);
    expect(problem(() => render('{{words}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:3: "words" is a list and must be a text in the prompt template
        → Go through it with {{#each words}}."
    `);
    expect(problem(() => render('{{#each title}}x{{/each}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:9: "title" is a text and must be a list in the prompt template
        → Name what is wanted of it, or change the row."
    `);
    expect(problem(() => render('{{lookup people 0}}', ROW))).toMatchInlineSnapshot(`
      "prompt.hbs:1:10: "people" is an object and must be a text in the prompt template
        → Name what is wanted of it, or change the row."
    `);
  });

  it('may be asked for with #if and #unless', () => {
    expect(render('{{#if meeting.room}}x{{else}}-{{/if}}{{#unless meeting.room}}+{{/unless}}', ROW)).toBe('-+');
  });
});

describe('variables', () => {
  it('are those of the row, each with its first place', () => {
    expect(names('{{a}} {{b.c}}\n{{#if d}}{{a}}{{e}}{{/if}}')).toEqual(['a', 'b', 'd', 'e']);
    expect(names('{{#each list}}{{x}}{{../y}}{{this.z}}{{@root.r}}{{/each}}')).toEqual(['list', 'y', 'r']);
    expect(names('{{#each list as |item n|}}{{item.x}}{{n}}{{../item}}{{/each}}')).toEqual(['list', 'item']);
    expect(names('{{#with o}}{{#if x}}{{../a}}{{/if}}{{else}}{{b}}{{/with}}')).toEqual(['o', 'a', 'b']);
    expect(names('{{lookup a (lookup b c.d)}}{{#if f includeZero=g}}{{/if}}')).toEqual(['a', 'b', 'c', 'f', 'g']);
    expect(names('{{#each a}}{{#each b}}{{../../c}}{{../d}}{{/each}}{{/each}}')).toEqual(['a', 'c']);
    expect(names('no variable {{!-- {{a}} --}}')).toEqual([]);
  });

  it('tell whether the row is used at all', () => {
    expect(compile('x').usesRow).toBe(false);
    expect(compile('{{a}}').usesRow).toBe(true);
    expect(compile('{{#each this}}{{this}}{{/each}}').usesRow).toBe(true);
  });
});

describe('a template that cannot work is refused when it is compiled', () => {
  it.each([
    ['{{#if a}}', 'prompt.hbs:1:1: {{#if a}} is never closed'],
    ['{{#each a}}{{#if b}}{{/if}}', 'prompt.hbs:1:1: {{#each a}} is never closed'],
    ['中文\n中文{{#if a}}\n{{/each}}', 'prompt.hbs:2:6: {{#if}} is closed by {{/each}}'],
    ['{{/if}}', 'prompt.hbs:1:1: {{/if}} closes a block that was never opened'],
    ['文字{{a', 'prompt.hbs:1:5: the template cannot be read at "a"'],
    ['{{}}', 'prompt.hbs:1:3: the template cannot be read at "}}"'],
    ['{{{a}}', 'prompt.hbs:1:5: the template cannot be read at "}}"'],
    ['{{!-- a', 'prompt.hbs:1:5: the template cannot be read at "- a"'],
    ['{{a/../b}}', 'prompt.hbs:1:3: invalid path: a/..'],
    ['{{#a}}{{/a}}', 'prompt.hbs:1:1: {{#a}} is not a block helper'],
    ['{{^a}}{{/a}}', 'prompt.hbs:1:1: {{^a}} is not a block helper'],
    ['{{#iff a}}{{/iff}}', 'prompt.hbs:1:1: {{#iff}} is not a block helper'],
    ['{{#if}}{{/if}}', 'prompt.hbs:1:1: {{#if}} takes one value, not 0'],
    ['{{#each a b}}{{/each}}', 'prompt.hbs:1:1: {{#each}} takes one value, not 2'],
    ['{{log a}}', 'prompt.hbs:1:1: unknown helper "log"'],
    ['{{lookup a}}', 'prompt.hbs:1:1: lookup takes two values, not 1'],
    ['{{if a b}}', 'prompt.hbs:1:1: if is a block helper'],
    ['{{lookup (upper a) b}}', 'prompt.hbs:1:10: unknown helper "upper"'],
    ['{{each}}', 'prompt.hbs:1:1: {{each}} is the name of a helper'],
    ['{{"a"}}', 'prompt.hbs:1:1: a literal stands where a variable is needed'],
    ['{{this}}', 'prompt.hbs:1:1: {{this}} is the whole row, which is no text'],
    ['{{../a}}', 'prompt.hbs:1:3: "../a" climbs above the row'],
    ['{{#if a}}{{../b}}{{/if}}', 'prompt.hbs:1:12: "../b" climbs above the row'],
    ['{{@index}}', 'prompt.hbs:1:3: there is no @index here'],
    ['{{> a}}', 'prompt.hbs:1:1: partials and decorators are not available in a prompt template'],
    ['{{#> a}}{{/a}}', 'prompt.hbs:1:1: partials and decorators are not available in a prompt template'],
    ['{{* a}}', 'prompt.hbs:1:1: partials and decorators are not available in a prompt template'],
  ])('%j', (source, expected) => {
    expect(problem(() => compile(source))).toMatch(expected);
  });

  it('places a slip far down a long template', () => {
    const source = `${'这是一行很长的提示词，没有任何变量。\n'.repeat(200)}短行 {{a b=}} 结束\n${'尾\n'.repeat(50)}`;
    expect(problem(() => compile(source))).toMatch('prompt.hbs:201:10: the template cannot be read at "}} 结束"');
  });
});
