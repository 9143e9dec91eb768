import { describe, expect, it } from 'vitest';
import { splitSentences } from '../../../src/scoring/text/sentences.js';

describe('splitSentences', () => {
  it('cuts at line ends and leaves empty lines out', () => {
    expect(splitSentences('甲。乙\n\n丙\n')).toEqual(['甲。乙', '丙']);
    expect(splitSentences('')).toEqual([]);
  });

  it('cuts after Chinese sentence ends too, closing quotes with their sentence', () => {
    expect(splitSentences('他说：“走吧！”我没动。为什么？！不知道\n3.5分', 'punctuation')).toEqual([
      '他说：“走吧！”',
      '我没动。',
      '为什么？！',
      '不知道',
      '3.5分',
    ]);
    expect(splitSentences('。\n\n', 'punctuation')).toEqual(['。']);
    expect(splitSentences('', 'punctuation')).toEqual([]);
  });
});
