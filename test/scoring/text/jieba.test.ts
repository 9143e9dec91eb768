import { afterEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../../src/errors.js';

const imports = vi.fn();

/** Stands in for a machine without a build of the segmenter; also shows whether anybody asks for it. */
vi.mock('@node-rs/jieba', () => {
  imports();
  throw new Error('no native build');
});

describe('jieba', () => {
  afterEach(() => vi.resetModules());

  it('is not loaded by what does not need it', async () => {
    const { loadTokenizer, tokenize } = await import('../../../src/scoring/text/tokenize.js');
    const { rouge } = await import('../../../src/scoring/rouge.js');
    await loadTokenizer('char');
    await loadTokenizer('word');
    expect(tokenize('开会', 'char')).toEqual(['开', '会']);
    await rouge.load?.({ options: {}, language: 'en' });
    expect(imports).not.toHaveBeenCalled();
  });

  it('says what to do when it is used before it is loaded', async () => {
    const { tokenize } = await import('../../../src/scoring/text/tokenize.js');
    expect(() => tokenize('开会', 'jieba')).toThrow('before it is loaded');
  });

  it('says what to do when it cannot be loaded', async () => {
    const { loadTokenizer } = await import('../../../src/scoring/text/tokenize.js');
    const error = await loadTokenizer('jieba').catch((thrown: unknown) => thrown);
    expect((error as UsageError).name).toBe(UsageError.name);
    expect((error as UsageError).hint).toContain('`char`');
    expect(imports).toHaveBeenCalled();
  });
});
