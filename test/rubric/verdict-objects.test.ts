import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../src/rubric/reply/object-reader.js';
import { findObjects } from '../../src/rubric/reply/objects.js';
import { parseVerdict } from '../../src/rubric/verdict.js';
import { rubrics } from '../scoring/judge/rubrics.js';

/** What a node stands for, read as JSON. Later keys win, as in JSON.parse. */
function parsed(node: Node): unknown {
  if (node.type === 'string') return node.text;
  if (node.type === 'bare') return JSON.parse(node.text);
  if (node.type === 'array') return node.items.map(parsed);
  return Object.fromEntries(node.entries.map(([key, value]) => [key, parsed(value)]));
}

/** A string literal on its own, as it is read when it is a member's value. */
function stringOf(text: string): string | undefined {
  const [object] = findObjects(text).found;
  const value = object?.node.type === 'object' ? object.node.entries[0]?.[1] : undefined;
  return value?.type === 'string' ? value.text : undefined;
}

describe('findObjects', () => {
  it('reads JSON as JSON.parse does, and calls it strict', () => {
    const json = fc
      .jsonValue({ maxDepth: 6, noUnicodeString: false })
      .filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const { found, tangled, cutAt } = findObjects(`Here: ${text} Done.`);
        expect(tangled).toBe(false);
        expect(cutAt).toBeUndefined();
        expect(found).toHaveLength(1);
        expect(found[0]).toMatchObject({ strict: true, start: 6, end: 6 + text.length });
        expect(parsed(found[0]!.node)).toEqual(JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('never calls strict what JSON.parse refuses', () => {
    const fragment = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        '"a"',
        "'b'",
        ':',
        ',',
        '：',
        '1',
        '01',
        'true',
        'True',
        '\\',
        '"',
        ' ',
        '\n',
        '“',
        '”',
        '//x\n',
        '#',
        '/*',
        '*/',
        '=',
        '\u3000',
      ],
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), (fragments) => {
        const text = `{"k":${fragments.join('')}}`;
        for (const { strict, start, end } of findObjects(text).found) {
          if (strict) expect(() => JSON.parse(text.slice(start, end))).not.toThrow();
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps duplicate keys, for the reader to decide', () => {
    const [object] = findObjects('{"a": 1, "a": 2}').found;
    expect(object?.node).toEqual({
      type: 'object',
      entries: [
        ['a', { type: 'bare', text: '1' }],
        ['a', { type: 'bare', text: '2' }],
      ],
    });
  });

  it.each([
    ['{"a": "says "yes" and "no""}', 'says "yes" and "no"'],
    ['{"a": "says "yes", "no" and more", "b": 1}', 'says "yes", "no" and more'],
    ['{"a": "one"\n"b": 1}', 'one'],
    ['{"a": "one" /* two */, "b": 1}', 'one'],
    ["{'a': 'it's fine', 'b': 1}", "it's fine"],
    ['{"a": "tab\\tquote\\"slash\\/u\\u4e2d\\b\\f\\r"}', 'tab\tquote"slash/u中\b\f\r'],
    ['{"a": "bad \\u12 and \\_ and \\u"}', 'bad u12 and _ and u'],
    ['{"a": "one",}', 'one'],
    ['{"a": "one", // and so on\n}', 'one'],
    ['{“a”: “他说“好”，走了”，“b”：1}', '他说“好”，走了'],
    ['{"a": "one"', 'one'],
    ['{"a": "one",\n', 'one'],
  ])('reads the string in %s', (text, expected) => {
    expect(stringOf(text)).toBe(expected);
  });

  it('reads arrays, with and without commas between lines', () => {
    expect(findObjects('{"a": ["x", "y",\n1\n2, [3]]}').found[0]?.node).toMatchObject({
      entries: [
        ['a', { items: [{ text: 'x' }, { text: 'y' }, { text: '1' }, { text: '2' }, { items: [{ text: '3' }] }] }],
      ],
    });
  });

  it.each(['{', '{}{', '{"a"', '{"a":', '{"a": "b', '{"a": {"b": 1', '{"a": [', '{"a": [1', '{"a": 1', '{a: b'])(
    'says that %s is cut off',
    (text) => {
      expect(findObjects(text).cutAt).toBe(text.lastIndexOf('{', text.startsWith('{}') ? undefined : 0));
    },
  );

  it.each([
    '{a}',
    '{1, 2}',
    '{"a" "b"}',
    '{:1}',
    '{"a": }',
    '{"a": 1 "b": 2}',
    '{"a\nb": 1}',
    '[1, 2]',
    '{"a": [}]}',
    '{"a": 1]',
  ])('passes over %s', (text) => {
    expect(findObjects(text)).toEqual({ found: [], cutAt: undefined, tangled: false });
  });

  it('passes over what is nested too deeply or has endless keys and values, and over nothing inside', () => {
    expect(findObjects(`${'{"a":'.repeat(13)}1${'}'.repeat(13)}`).found[0]).toMatchObject({ start: 5 });
    expect(findObjects(`${'{"a": [['.repeat(1)}${'['.repeat(20)}`).found).toEqual([]);
    expect(findObjects(`{${'k'.repeat(300)}: 1} {"b": 1}`).found).toHaveLength(1);
    expect(findObjects(`{"${'k'.repeat(300)}": 1} {"b": 1}`).found).toHaveLength(1);
    expect(findObjects(`{"a": ${'v'.repeat(300)}} {"b": 1}`).found).toHaveLength(1);
  });
});

describe('the time that a reply takes', () => {
  const MEGABYTE = 1 << 20;
  const verdict = '{"reason": "r", "scores": {"accuracy": 8, "clarity": 7}, "overall": 8}';

  it('is short for a megabyte of prose with a verdict at its end, or in its reason', () => {
    const sentence =
      '摘要整体不错，覆盖了主要内容，但有两处不准确。The answer is fine, and 8 of the 10 points are there.\n';
    const prose = sentence.repeat(MEGABYTE / sentence.length);
    const replies = [
      prose + verdict,
      JSON.stringify({ reason: prose, scores: { accuracy: 8, clarity: 7 }, overall: 8 }),
    ];
    for (const reply of replies) {
      const start = performance.now();
      expect(parseVerdict(reply, rubrics.pair)).toMatchObject({ ok: true });
      // Measured below 80 ms; ten times that on a busy machine.
      expect(performance.now() - start).toBeLessThan(800);
    }
  });

  const hostile = [
    '{',
    '[{',
    '{"a":',
    '{"a":"',
    '{“a”:“',
    '{「a」:「',
    '"',
    '","',
    "',「",
    '{"a":1,',
    '综合得分',
    '综合得分：',
    '准确性：8\n',
    'overall score ',
    '(',
    '**',
    '1.',
    ' ',
    '\n',
    '| ',
    '准确性 | ',
    '/*',
    '//',
    '{"a"//',
    '{"a":"b"//"',
    '{"a": "b"',
    '\\',
    '{"\\',
    '[[8',
    '\\boxed{',
    '8/10\n',
    '8 ',
    '得分：8 ',
    '{a: 8分 ',
    '综合得分（',
    '准确性(',
    '{a:"b",「',
    '{"accuracy":{"score":8,',
    verdict,
  ];
  it.each(hostile)('grows no faster than the reply: %j', (pattern) => {
    const seconds = (length: number): number => {
      const start = performance.now();
      const reply = pattern.repeat(length / pattern.length);
      for (const name of ['pair', 'single'] as const) {
        parseVerdict(reply, rubrics[name]);
        parseVerdict(`{"reason": "${reply}`, rubrics[name]);
      }
      return performance.now() - start;
    };
    // Anything quadratic takes minutes here; linear is below a second.
    expect(seconds(MEGABYTE / 8)).toBeLessThan(5_000);
  });
});
