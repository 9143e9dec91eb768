import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/json.js';
import { exactMatch } from '../../src/scoring/exact-match.js';

const score = (targets: string[], output: string, options: JsonObject = {}) =>
  exactMatch.score(
    { task: 't', sample: { id: '1', variables: {}, targets }, epoch: 1, output },
    { options, language: 'zh', signal: new AbortController().signal },
  );

describe('exact-match', () => {
  it.each<[string, string, JsonObject, number]>([
    ['北京', '北京', {}, 1],
    ['北京', '北京。', {}, 0],
    ['北京', '\n北京 \u3000', {}, 1],
    ['甲\n乙', '甲\r\n乙', {}, 1],
    ['ＡＢＣ１２', 'ABC12', {}, 1],
    ['ＡＢＣ１２', 'ABC12', { nfkc: false }, 0],
    ['Yes', 'yes', {}, 0],
    ['Yes', 'yes', { ignoreCase: true }, 1],
    ['3 个 苹果', '3个苹果', {}, 0],
    ['3 个 苹果', '3个苹果', { ignoreWhitespace: true }, 1],
    ['「好」，明天见！', '好,明天见', { ignorePunctuation: true }, 1],
    ['3.5', '35', { ignorePunctuation: true }, 0],
    ['-5', '5', { ignorePunctuation: true }, 0],
    ['5%', '5', { ignorePunctuation: true }, 0],
    ['😀', '😀', {}, 1],
    ['😀', '😁', {}, 0],
    ['北京', '', {}, 0],
    ['北京', '！？', { ignorePunctuation: true }, 0],
  ])('target %j and output %j with %j give %d', (target, output, options, value) => {
    expect(score([target], output, options)).toEqual({ value });
  });

  it('accepts any of several targets', () => {
    expect(score(['北京', '北京市'], '北京市')).toEqual({ value: 1 });
    expect(score(['', '北京'], '')).toEqual({ value: 0 });
  });

  it('is unscored, with the reason, where there is nothing to compare with', () => {
    expect(score([], '北京')).toEqual({ value: null, reason: 'the sample has no target' });
    expect(score([' \n'], '')).toEqual({ value: null, reason: 'the target is empty' });
    expect(score(['。'], '', { ignorePunctuation: true })).toEqual({
      value: null,
      reason: 'nothing is left of the target after normalisation',
    });
  });

  it('declares every option with its default', () => {
    const validate = new Ajv({ strict: true, useDefaults: true }).compile(exactMatch.options!);
    const options = {};
    expect(validate(options)).toBe(true);
    expect(options).toEqual({ nfkc: true, ignoreCase: false, ignoreWhitespace: false, ignorePunctuation: false });
    expect(validate({ ignorecase: true })).toBe(false);
    expect(validate({ nfkc: 'yes' })).toBe(false);
  });
});
