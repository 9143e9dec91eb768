import { describe, expect, it } from 'vitest';
import { applyScorer } from '../../src/scoring/apply.js';
import type { Score, Scorer, ScoringInput } from '../../src/scoring/types.js';

const input: ScoringInput = {
  task: 't',
  sample: { id: 'a', variables: {}, targets: [] },
  epoch: 1,
  output: 'x',
};

function apply(score: Scorer['score'], signal = new AbortController().signal): Promise<Score> {
  return applyScorer({ id: 's', score }, input, { options: {}, language: 'zh', signal });
}

describe('one score from a scorer of whatever quality', () => {
  it('is what the scorer gave, when that is a score', async () => {
    expect(await apply(() => ({ value: 0.5, metrics: { a: 1 } }))).toEqual({ value: 0.5, metrics: { a: 1 } });
    expect(await apply(async () => ({ value: null, reason: 'no target' }))).toEqual({
      value: null,
      reason: 'no target',
    });
  });

  it.each([
    ['a number that is none', { value: Number.NaN }, 'value = NaN'],
    ['an endless one', { value: Number.POSITIVE_INFINITY }, 'value = Infinity'],
    ['a metric that is none', { value: 1, metrics: { f: Number.NaN } }, 'f = NaN'],
    ['a text', { value: '1' }, 'value = 1'],
    ['nothing', undefined, 'no score object'],
    ['null', null, 'no score object'],
    ['a bare number', 1, 'no score object'],
    ['an object without a value', {}, 'no score object'],
    ['a null without a reason', { value: null }, 'no reason given'],
  ])('is unscored with the reason for %s', async (_what, given, reason) => {
    const score = await apply(() => given as unknown as Score);
    expect(score).toMatchObject({ value: null, reason: expect.stringContaining(reason) });
  });

  it('is unscored when the scorer throws, and throws when it was stopped', async () => {
    const fail = () => {
      throw new Error('broken');
    };
    expect(await apply(fail)).toEqual({ value: null, reason: 'scorer failed: broken' });
    await expect(apply(fail, AbortSignal.abort())).rejects.toThrow('broken');
  });
});
