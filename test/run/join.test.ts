import { describe, expect, it } from 'vitest';
import { createJoiner, recordKey } from '../../src/run/join.js';
import type { GenerationRecord, ScoresRecord } from '../../src/run/types.js';

const generation = (id: string, epoch = 1): GenerationRecord => ({
  stage: 'generation',
  task: 't',
  id,
  epoch,
  at: 1,
  attempts: 1,
  ok: true,
  text: id,
  finishReason: 'stop',
  timings: { totalMs: 1 },
});
const scores = (id: string, names: string[], epoch = 1): ScoresRecord => ({
  stage: 'scores',
  task: 't',
  id,
  epoch,
  at: 2,
  scores: Object.fromEntries(names.map((name) => [name, { value: 1 }])),
});
const joiner = () => createJoiner(new Map([['t', ['a', 'b']]]));

describe('joining records', () => {
  it('gives a result once the answer and every score are there, whatever their order', () => {
    const records = [scores('x', ['b']), generation('x'), scores('x', ['a'])];
    const join = joiner();
    expect(records.map((record) => join.add(record) !== undefined)).toEqual([false, false, true]);
    expect(join.pending.size).toBe(0);
  });

  it('keeps repeats of a sample and samples of other tasks apart', () => {
    const join = joiner();
    expect(join.add(generation('x', 1))).toBeUndefined();
    expect(join.add(scores('x', ['a', 'b'], 2))).toBeUndefined();
    expect(join.add({ ...scores('x', ['a', 'b']), task: 'other' })).toBeUndefined();
    expect([...join.pending.keys()]).toEqual([recordKey('t', 'x', 1), recordKey('t', 'x', 2)]);
  });

  it('holds what is pending only, not what is done', () => {
    const join = joiner();
    for (let index = 0; index < 1000; index++) {
      join.add(generation(String(index)));
      join.add(scores(String(index), ['a', 'b']));
      expect(join.pending.size).toBe(0);
    }
  });

  it('takes the sample for its own group where it has none', () => {
    const join = joiner();
    join.add(generation('x'));
    expect(join.add(scores('x', ['a', 'b']))?.group).toBe('x');
    join.add({ ...generation('y'), group: 'g' });
    expect(join.add(scores('y', ['a', 'b']))?.group).toBe('g');
  });

  it('is not fooled by ids that are names of built-in properties', () => {
    const join = createJoiner(new Map([['t', ['constructor']]]));
    join.add(generation('__proto__'));
    expect(join.pending.size).toBe(1);
    expect(join.add(scores('__proto__', ['constructor']))?.id).toBe('__proto__');
  });
});
