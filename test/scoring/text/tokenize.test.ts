import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { tokenIds, wordIds } from '../../../src/scoring/text/token-ids.js';
import {
  defaultTokenizer,
  isWhitespace,
  loadTokenizer,
  TOKENIZERS,
  tokenize,
} from '../../../src/scoring/text/tokenize.js';
import { readReference } from './reference.js';

beforeAll(() => loadTokenizer('jieba'));

describe('tokenize', () => {
  it('jieba gives the words of Python jieba', () => {
    for (const [text, words] of readReference<[string, string[]]>('words.jsonl')) {
      expect(tokenize(text, 'jieba')).toEqual(words);
    }
  });

  it('char gives code points without whitespace, Latin letters and digits one by one', () => {
    expect(tokenize('第3季 Q3\u3000😀𠮷。\n', 'char')).toEqual(['第', '3', '季', 'Q', '3', '😀', '𠮷', '。']);
  });

  it('word gives lower-case runs of a-z and 0-9, as rouge_score does', () => {
    expect(tokenize("Don't STOP: 3.5% Größe 中文ok", 'word')).toEqual(['don', 't', 'stop', '3', '5', 'gr', 'e', 'ok']);
    expect(tokenize('完全没有', 'word')).toEqual([]);
  });

  it('word stems only words longer than three, when asked', () => {
    expect(tokenize('meetings runs was', 'word', { stemmer: true })).toEqual(['meet', 'run', 'was']);
    expect(tokenize('runs ran its', 'word', { stemmer: false })).toEqual(['runs', 'ran', 'its']);
  });

  it('word keeps stemming right after more words than it remembers', () => {
    const words = Array.from({ length: 25_000 }, (_, i) => `w${i}ings`);
    const stems = tokenize(words.join(' '), 'word', { stemmer: true });
    expect(stems[0]).toBe('w0ing');
    expect(stems[24_999]).toBe('w24999ing');
  });

  it('gives no tokens for blank text', () => {
    for (const name of TOKENIZERS) expect(tokenize(' \n\u3000\t\u2003', name)).toEqual([]);
  });

  it('knows Unicode whitespace', () => {
    const told = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint).filter(isWhitespace);
    const expected = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint).filter((codePoint) =>
      /\p{White_Space}/u.test(String.fromCodePoint(codePoint)),
    );
    expect(told).toEqual(expected);
  });
});

describe('default tokenizer', () => {
  it.each([
    ['zh', 'jieba'],
    ['zh-CN', 'jieba'],
    ['zh-Hant-TW', 'jieba'],
    ['yue', 'jieba'],
    ['zh-Latn', 'word'],
    ['en', 'word'],
    ['de-AT', 'word'],
    ['vi', 'word'],
    ['ja', 'char'],
    ['ko', 'char'],
    ['th', 'char'],
    ['ru', 'char'],
    ['ar', 'char'],
    ['und', 'char'],
    ['und-Hant', 'jieba'],
    ['not a tag', 'char'],
  ])('of %s is %s', (language, name) => {
    expect(defaultTokenizer(language)).toBe(name);
    expect(defaultTokenizer(language)).toBe(name);
  });
});

describe('token ids', () => {
  const text = fc.string({ unit: fc.constantFrom('一', '二', 'a', '😀', '𠮷', '\ud83d', ' ', '\n'), maxLength: 30 });

  it('are equal exactly where tokens are, and lie one text after the other', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 4 }),
        fc.constantFrom('char' as const, 'word' as const),
        (texts, name) => {
          const { ids, ends, size } = tokenIds(texts, name);
          const tokens = texts.map((one) => tokenize(one, name));
          const flat = tokens.flat();
          expect(ends).toEqual(tokens.map((_, k) => tokens.slice(0, k + 1).flat().length));
          expect(ids).toHaveLength(flat.length);
          expect(size).toBe(new Set(flat).size);
          const tokenById = new Map([...ids].map((id, i) => [id, flat[i]!]));
          expect(tokenById.size).toBe(size);
          expect([...ids].map((id) => tokenById.get(id))).toEqual(flat);
          for (const id of ids) expect(id).toBeLessThan(size);
        },
      ),
    );
  });

  it('do not mistake words for properties of objects', () => {
    expect([...wordIds([['constructor', '__proto__', 'constructor']]).ids]).toEqual([0, 1, 0]);
  });
});
