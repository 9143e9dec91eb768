import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../src/definition/schema.js';
import { parseSource } from '../../src/definition/yaml.js';
import { PluginError } from '../../src/errors.js';
import type { JsonObject, JsonSchema } from '../../src/json.js';
import { packageRoot } from '../../src/package.js';

async function options(schema: JsonSchema | undefined, yaml: string): Promise<string> {
  const source = parseSource(yaml, 'task.yaml');
  const issues = await checkOptions(schema, source.value as JsonObject, 'the options of x', source);
  return issues.length === 0 ? '' : new PluginError('', issues).describe();
}

describe('options are explained by the schema of their plugin', () => {
  it('for every kind of bound', async () => {
    const schema = {
      type: 'object',
      properties: {
        a: { type: 'number', exclusiveMaximum: 5 },
        b: { type: 'string', minLength: 3, description: 'A name. More on it.' },
        c: { type: 'string', maxLength: 2 },
        d: { type: 'array', maxItems: 1 },
        e: { type: 'array', minItems: 2 },
        f: { type: 'object', minProperties: 2 },
        g: { type: 'object', minProperties: 1 },
        h: { type: 'object', maxProperties: 2 },
        i: { type: 'array', uniqueItems: true },
        j: { const: 5 },
        k: { type: 'string', pattern: '^x' },
        l: { type: 'integer', multipleOf: 10 },
        m: { enum: ['a'] },
        n: { type: ['integer', 'null'] },
        o: { type: 'array', items: { type: 'string' } },
        p: { type: 'boolean' },
      },
    };
    const yaml = [
      'a: 5',
      'b: ab',
      'c: abc',
      'd: [1, 2]',
      'e: [1]',
      'f: { x: 1 }',
      'g: {}',
      'h: { x: 1, y: 2, z: 3 }',
      'i: [1, 2, 1]',
      'j: 6',
      'k: y',
      'l: 15',
      'm: zzz',
      'n: "7"',
      'o: "one"',
      'p: "yes"',
    ];
    expect(await options(schema, yaml.join('\n'))).toMatchInlineSnapshot(`
      "
      task.yaml:1:4: "a" must be under 5, not 5
      task.yaml:2:4: "b" must have at least 3 characters
        → A name.
      task.yaml:3:4: "c" must have at most 2 characters
      task.yaml:4:1: "d" takes at most 1 entries
      task.yaml:5:1: "e" needs at least 2 entries
      task.yaml:6:1: "f" needs at least 2 keys
      task.yaml:7:1: "g" is an empty mapping
      task.yaml:8:1: "h" takes at most 2 keys, not x, y, z
      task.yaml:9:1: "i" has the same entry twice (1 and 3)
      task.yaml:10:4: "j" must be 5, not 6
      task.yaml:11:4: "k" cannot be "y"
        → It must match ^x.
      task.yaml:12:4: "l" must be multiple of 10
      task.yaml:13:4: "m" must be a, not "zzz"
      task.yaml:14:4: "n" must be a whole number or null, not "7"
        → Write it without quotes: 7.
      task.yaml:15:4: "o" must be a list, not "one"
        → Write a list: [one].
      task.yaml:16:4: "p" must be true or false, not "yes"
        → Write true or false, without quotes."
    `);
  });

  it('for alternatives, by the one that was meant', async () => {
    const schema = {
      properties: {
        a: {
          oneOf: [
            { type: 'string', enum: ['x', 'y'] },
            { type: 'array', items: { type: 'number' } },
          ],
        },
        b: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      },
    };
    expect(await options(schema, 'a: z\nb: x')).toMatchInlineSnapshot(`
      "
      task.yaml:1:4: "a" must be x or y, not "z"
      task.yaml:2:4: "b" must be a whole number or null, not "x""
    `);
    expect(await options(schema, 'a: [1, two, 3]\nb: 1.5')).toMatchInlineSnapshot(`
      "
      task.yaml:1:8: "a[1]" must be a number, not "two"
      task.yaml:2:4: "b" must be a whole number or null, not 1.5"
    `);
    expect(await options(schema, 'a: { k: 1 }\nb: null')).toMatchInlineSnapshot(`
      "
      task.yaml:1:1: "a" must be a text or a list, not a mapping"
    `);
    expect(await options(schema, 'a: [1]\nb: 3')).toBe('');
  });

  it('for keys with slashes, tildes, spaces and dots in lists', async () => {
    const schema = { additionalProperties: { type: 'array', items: { properties: { 'x y': { type: 'number' } } } } };
    expect(await options(schema, '"a/b~c":\n  - { "x y": 1 }\n  - { "x y": no }\n')).toMatchInlineSnapshot(`
      "
      task.yaml:3:14: "["a/b~c"][1]["x y"]" must be a number, not "no""
    `);
  });

  it('shortens a long value', async () => {
    expect(await options({ properties: { a: { type: 'number' } } }, `a: ${'长'.repeat(200)}`)).toMatch(/not "长{56}…$/);
  });

  it('takes none where the plugin names none', async () => {
    expect(await options(undefined, '{}')).toBe('');
    expect(await options(undefined, 'a: 1')).toMatch('unknown key "a" in the options of x');
  });

  it('says when the schema itself is wrong', async () => {
    expect(await options({ type: 'nonsense' }, '{}')).toMatch(/the schema for the options of x is not valid: /);
  });

  it('of two plugins may have the same $id', async () => {
    const schema = () => ({ $id: 'options', type: 'object', properties: { a: { type: 'number' } } });
    expect(await options(schema(), 'a: 1')).toBe('');
    expect(await options(schema(), 'a: x')).toMatch('must be a number');
  });
});

describe('the published schemas', () => {
  const folder = join(packageRoot(), 'schemas');
  const names = readdirSync(folder);
  const read = (name: string) =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as JsonSchema & {
      properties: Record<string, { description?: string; $ref?: string }>;
      examples: unknown[];
    };

  it.each(names)('%s is strict draft-07, and its own examples pass', (name) => {
    const schema = read(name);
    const validate = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);
    expect(schema.examples.length).toBeGreaterThan(0);
    for (const example of schema.examples) expect([validate(example), validate.errors]).toEqual([true, null]);
  });

  it.each(names)('%s describes every key', (name) => {
    const { properties, ...rest } = read(name);
    const nested = Object.values((rest as { definitions?: Record<string, typeof rest> }).definitions ?? {});
    const all = [
      properties,
      ...nested.map((definition) => (definition as { properties?: typeof properties }).properties ?? {}),
    ];
    for (const group of all) {
      for (const [key, value] of Object.entries(group)) {
        expect([key, value.description ?? value.$ref]).toEqual([key, expect.any(String)]);
      }
    }
  });
});
