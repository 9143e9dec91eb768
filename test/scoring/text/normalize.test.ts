import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NormalizeOptions, normalize } from '../../../src/scoring/text/normalize.js';

describe('normalize', () => {
  it.each<[NormalizeOptions, string, string]>([
    [{}, ' \u3000甲 乙\r\n丙\n', '甲 乙\n丙'],
    [{}, '\ufeff甲', '甲'],
    [{}, 'Ａ①', 'Ａ①'],
    [{ nfkc: true }, 'ＡＢＣ１２３％①ｶﾞ！，', 'ABC123%1ガ!,'],
    [{ nfkc: true }, '甲。、「乙」《丙》', '甲。、「乙」《丙》'],
    [{ ignoreCase: true }, 'ＡbC ÀÉ', 'ａbc àé'],
    [{ ignoreWhitespace: true }, ' 甲\u3000乙\n丙\u00a0丁\u2003', '甲乙丙丁'],
    [{ ignorePunctuation: true }, '「你好」，世界！——《书》、（a）…～“b”[c]', '你好世界书abc'],
    [{ ignorePunctuation: true }, "Hello, world! (it's) #1 *bold* `x`", 'Hello world its 1 bold `x`'],
    [{ ignorePunctuation: true }, '3.5 12:30 1/2 １．５ 1,000', '3.5 12:30 1/2 １．５ 1,000'],
    [{ ignorePunctuation: true }, '-5℃ 约－3 a-b 2-1 5% 100％。', '-5℃ 约3 ab 2-1 5% 100％'],
    [{ ignorePunctuation: true }, '他说：3。5！', '他说3。5'],
    [{ ignorePunctuation: true }, 'x<y+1=$2', 'x<y+1=$2'],
    [{ ignorePunctuation: true }, '。！？', ''],
  ])('%j turns %j into %j', (options, text, expected) => {
    expect(normalize(text, options)).toBe(expected);
  });

  const options = fc.record({
    nfkc: fc.boolean(),
    ignoreCase: fc.boolean(),
    ignoreWhitespace: fc.boolean(),
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), options, (text, chosen) => {
        const once = normalize(text, chosen);
        expect(normalize(once, chosen)).toBe(once);
      }),
      { numRuns: 20_000 },
    );
  });

  it('ignores what it is told to ignore', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '甲', '1') }), (text) => {
        const noisy = [...text].map((character) => `${character.toUpperCase()}\u3000`).join('');
        expect(normalize(noisy, { ignoreCase: true, ignoreWhitespace: true })).toBe(text);
        expect(normalize(`「${text}」。`, { ignorePunctuation: true })).toBe(text);
      }),
    );
  });
});
