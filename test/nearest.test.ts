import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest, suggest } from '../src/nearest.js';

/** The definition, written down plainly: the least number of edits, by trying each. */
function slowDistance(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const [x, ...restA] = a;
  const [y, ...restB] = b;
  const options = [
    slowDistance(restA, b) + 1,
    slowDistance(a, restB) + 1,
    slowDistance(restA, restB) + (x === y ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0]) {
    options.push(slowDistance(a.slice(2), b.slice(2)) + 1);
  }
  return Math.min(...options);
}

describe('editDistance', () => {
  it('agrees with the definition', () => {
    const word = fc.array(fc.constantFrom('a', 'b', '会'), { maxLength: 6 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(slowDistance(a, b));
        expect(editDistance(a, b)).toBe(editDistance(b, a));
      }),
    );
  });
});

describe('nearest', () => {
  it('forgives swapped, missing, doubled and wrong letters, case, hyphens and underscores', () => {
    const names = ['summarization', 'max-tokens', 'maxTokens', 'id', '摘要任务'];
    expect(nearest('summarisation', names)).toBe('summarization');
    expect(nearest('sumarizatoin', names)).toBe('summarization');
    expect(nearest('MAX_TOKENS', names)).toBe('max-tokens');
    expect(nearest('ID', names)).toBe('id');
    expect(nearest('摘耍任务', names)).toBe('摘要任务');
  });

  it('finds nothing where nothing is near', () => {
    expect(nearest('colour', ['id', 'prompt', 'dataset'])).toBeUndefined();
    expect(nearest('x', ['y'])).toBeUndefined();
    expect(nearest('', ['a'])).toBeUndefined();
    expect(nearest('a', [])).toBeUndefined();
  });

  it('prefers the candidate with fewer edits, then the first', () => {
    expect(nearest('rouge2', ['rouge', 'rouge1', 'rouge-l'])).toBe('rouge');
    expect(nearest('abd', ['abx', 'aby'])).toBe('abx');
  });
});

describe('suggest', () => {
  it('names the nearest, or all there are, or nothing', () => {
    expect(suggest('promt', ['prompt', 'id'])).toBe('Did you mean "prompt"?');
    expect(suggest('zzz', ['prompt', 'id'], 'Keys are')).toBe('Keys are: prompt, id.');
    expect(suggest('zzz', [])).toBeUndefined();
  });
});
