import { describe, expect, it } from 'vitest';
import { stem } from '../../../src/scoring/text/porter.js';
import { readReference } from './reference.js';

describe('Porter stemmer', () => {
  it("gives NLTK's stems", () => {
    const rows = readReference<[string, string]>('stems.jsonl');
    expect(rows.length).toBeGreaterThan(5_000);
    const wrong = rows.filter(([word, expected]) => stem(word) !== expected);
    expect(wrong).toEqual([]);
  });

  it('takes time in proportion to a long word', () => {
    expect(stem('y'.repeat(200_000))).toHaveLength(200_000);
    expect(stem('ed'.repeat(100_000))).toHaveLength(199_998);
  });
});
