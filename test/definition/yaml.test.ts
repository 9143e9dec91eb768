import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeSource, formatPath, valueAt } from '../../src/definition/source.js';
import { decodeText, parseSource, readSource } from '../../src/definition/yaml.js';
import { PluginError } from '../../src/errors.js';
import { project, said } from '../plugin/project.js';

const parse = (text: string) => parseSource(text, 'x.yaml');

function broken(text: string): string {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(PluginError);
    return (error as PluginError).describe();
  }
  throw new Error('nothing was thrown');
}

describe('parseSource', () => {
  it('reads what JSON says, however it is indented', () => {
    const key = fc.string({ unit: 'grapheme', maxLength: 10 });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
          fc.constant(null),
        ),
        fc.array(tie('value')),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2, '\t'), (given, indent) => {
        const text = JSON.stringify(given, null, indent);
        expect(parseSource(text, 'x.json').value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('follows anchors, and reads YAML 1.2: no is a text', () => {
    expect(parse('a: &x { k: no }\nb: *x\nc: 0o17\nd: 2024-01-01').value).toEqual({
      a: { k: 'no' },
      b: { k: 'no' },
      c: 15,
      d: '2024-01-01',
    });
  });

  it('does not reach a prototype', () => {
    const { value } = parse('__proto__: { admin: true }');
    expect((value as { admin?: boolean }).admin).toBeUndefined();
  });

  it('says each mistake once', () => {
    expect(broken('a: [1, 2\nb: }\n')).toMatchInlineSnapshot(`
      "the YAML cannot be read
      x.yaml:2:1: a bracket that was opened before is not closed
        → Close it with ] or }."
    `);
    expect(broken('a: "\\d"\nid：x\ntitle: y\n')).toMatchInlineSnapshot(`
      "the YAML cannot be read
      x.yaml:1:5: invalid escape sequence \\d
        → In double quotes \\ is special: use single quotes, or write \\\\.
      x.yaml:2:1: the colon here is a full-width one (：)
        → Write ": ", as in id: name."
    `);
    expect(broken('a: `x`\na: 1\n? [k]\n: 1\n')).toMatchInlineSnapshot(`
      "the YAML cannot be read
      x.yaml:1:4: a text cannot begin with \`
        → Put the text in quotes.
      x.yaml:2:1: the key a stands here a second time
        → Remove one of them."
    `);
    expect(broken('a: *nowhere\n')).toMatchInlineSnapshot(`
      "the YAML cannot be read
      x.yaml:1:4: there is no anchor &nowhere
        → A text that begins with * must be in quotes."
    `);
    expect(broken('%YAML 9.9\n---\na: 1\n')).toMatchInlineSnapshot(`
      "the YAML cannot be read
      x.yaml:1:7: unsupported YAML version 9.9
        → A text with special characters must be in quotes."
    `);
    expect(broken("a: 'it's'\n")).toMatchInlineSnapshot(`
      "the YAML cannot be read
      x.yaml:1:8: unexpected scalar at node end
        → A text with special characters must be in quotes."
    `);
    expect(broken('id：会议\ntitle: y: z\n')).toMatchInlineSnapshot(`
      "the YAML cannot be read
      x.yaml:1:1: the colon here is a full-width one (：)
        → Write ": ", as in id: name.
      x.yaml:2:8: a second ": " in one line
        → A text that contains ": " must be in quotes."
    `);
  });
});

describe('locate', () => {
  const source = parse('a: 1\nlist:\n  - x: 2\n  - &n { y: 3 }\n  - *n\nempty:\n"7": 中\n');
  const at = (path: (string | number)[], part?: 'key' | 'value') => {
    const { line, column } = source.locate(path, part);
    return `${line}:${column}`;
  };

  it('finds a value, or its key', () => {
    expect(at(['a'])).toBe('1:4');
    expect(at(['a'], 'key')).toBe('1:1');
    expect(at(['list', 0, 'x'])).toBe('3:8');
    expect(at(['list', 1, 'y'], 'key')).toBe('4:10');
    expect(at(['list', 2, 'y'])).toBe('4:13');
    expect(at(['7'])).toBe('7:6');
  });

  it('places a mapping or nothing at its key', () => {
    expect(at(['list'])).toBe('2:1');
    expect(at(['empty'])).toMatch(/^6:/);
  });

  it('places what is not there at what should hold it', () => {
    expect(at([])).toBe('1:1');
    expect(at(['none'])).toBe('1:1');
    expect(at(['list', 0, 'none'])).toBe('3:5');
    expect(at(['list', 9])).toBe('2:1');
    expect(at(['a', 'deeper'])).toBe('1:4');
  });

  it('finds a place inside a text', () => {
    const texts = parse(
      'block: |\n\n   one\n   two\nquoted: "a b"\nplain: a b\nfolded: >-\n  a\n  b\nlist: [x]\nmany: "a\n  b"\n',
    );
    const inside = (key: string, line: number, column: number) => {
      const place = texts.locateInText([key], { line, column });
      return `${place.line}:${place.column}`;
    };
    expect(inside('block', 3, 1)).toBe('4:4');
    expect(inside('quoted', 1, 3)).toBe('5:12');
    expect(inside('plain', 1, 3)).toBe('6:10');
    expect(inside('folded', 1, 1)).toBe('7:9');
    expect(inside('list', 1, 1)).toBe('10:7');
    expect(inside('many', 2, 1)).toBe('11:7');
  });
});

describe('reading files', () => {
  it('drops a byte order mark and carriage returns', async () => {
    const cwd = project({ 'x.yaml': '\uFEFFa: |\r\n  x\r\n  y\r\n' });
    expect((await readSource(`${cwd}/x.yaml`)).value).toEqual({ a: 'x\ny\n' });
    expect(decodeText(Buffer.from('\uFEFF一\r\n二\r'), 'x')).toBe('一\n二\r');
  });

  it('says what is wrong with a path that is no file', async () => {
    const cwd = project({});
    expect(await said(readSource(`${cwd}/none.yaml`), cwd)).toBe('none.yaml: there is no such file');
    expect(await said(readSource(cwd), cwd)).toBe('.: the file cannot be read (EISDIR)');
  });
});

describe('paths', () => {
  it('are written as in code', () => {
    expect(formatPath(['scorers', 1, 'rouge', 'a b', '中文', 'x-y'])).toBe('scorers[1].rouge["a b"].中文.x-y');
    expect(formatPath([])).toBe('');
  });

  it('lead to a value or to nothing', () => {
    expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
    expect(valueAt({ a: 1 }, ['a', 'b', 'c'])).toBeUndefined();
    expect(valueAt(null, ['a'])).toBeUndefined();
  });

  it('of code have no lines', () => {
    const source = codeSource({}, 'mine.mjs');
    expect(source.locate(['a'])).toEqual({ file: 'mine.mjs' });
    expect(source.locateInText(['prompt'], { line: 2, column: 3 })).toEqual({
      file: 'mine.mjs prompt',
      line: 2,
      column: 3,
    });
  });
});
