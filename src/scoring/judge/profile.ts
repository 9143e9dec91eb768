import { IntSet } from './int-set.js';
import { digitNumber, hanNumber, isHanNumeral, type NumberToken } from './numerals.js';

/** What the signals need to know of a text. A unit is a Chinese, Japanese or Korean character, a word or a number. */
export interface Profile {
  /** Characters (UTF-16 units) without white space. */
  length: number;
  /** Every unit, in order. */
  units: Int32Array;
  /** Content: pairs of neighbouring characters, and words, without function words; each once, in order of appearance. */
  grams: Int32Array;
  gramSet: IntSet;
  numbers: NumberToken[];
  /** Every way to write a number that is in the text. */
  numberSet: Set<number>;
  /** Share of Chinese, Japanese and Korean characters among these and words' letters, 0 to 1; 0 without any. */
  cjk: number;
}

/** Of the rolling hash; odd. */
const BASE = 0x01000193;

/** By UTF-16 unit. */
const FUNCTION_CHARACTERS = new Uint8Array(0x10000);
for (const char of '的了呢啊吧吗嘛嗯呃哦哎这那就也都还是在着们把被和与') FUNCTION_CHARACTERS[char.charCodeAt(0)] = 1;
const FUNCTION_WORDS = new Set(
  (
    'the a an of to in on at by for from with and or but if then than that this these those it its is are was were be been ' +
    'has have had do does did not no so as we you they he she i his her their our your my will would can could should may ' +
    'might there here also very just about into over'
  )
    .split(' ')
    .map(wordCode),
);

export function profileOf(text: string): Profile {
  const builder = new ProfileBuilder(text);
  return builder.build();
}

/** Reads a text once, character by character. */
class ProfileBuilder {
  private readonly text: string;
  private readonly codes: Int32Array;
  private readonly grams: Int32Array;
  private readonly gramSet: IntSet;
  private readonly numbers: NumberToken[] = [];
  private units = 0;
  private gramCount = 0;
  private letters = 0;
  private cjkLetters = 0;
  private length = 0;
  /** The CJK character right before, or 0. */
  private previous = 0;

  constructor(text: string) {
    this.text = text;
    this.codes = new Int32Array(text.length);
    this.grams = new Int32Array(text.length);
    this.gramSet = new IntSet(text.length);
  }

  build(): Profile {
    const { text } = this;
    let at = 0;
    while (at < text.length) {
      const code = plain(text.charCodeAt(at));
      if (isDigit(code)) at = this.digits(at);
      else if (isLetter(code)) at = this.word(at);
      else if (isCjk(code)) at = this.character(at, code);
      else {
        if (!isSpace(code)) this.length++;
        this.previous = 0;
        at++;
      }
    }
    const numberSet = new Set<number>();
    for (const { value, alternative } of this.numbers) numberSet.add(value).add(alternative);
    return {
      length: this.length,
      units: this.codes.subarray(0, this.units),
      grams: this.grams.subarray(0, this.gramCount),
      gramSet: this.gramSet,
      numbers: this.numbers,
      numberSet,
      cjk: this.letters === 0 ? 0 : this.cjkLetters / this.letters,
    };
  }

  private digits(start: number): number {
    const { text } = this;
    let at = start;
    let digits = '';
    for (; at < text.length; at++) {
      const code = plain(text.charCodeAt(at));
      const next = plain(text.charCodeAt(at + 1));
      if (isDigit(code) || ((code === 0x2e || code === 0x2c) && isDigit(next))) digits += String.fromCharCode(code);
      else break;
    }
    const number = digitNumber(digits, text.charAt(at));
    this.numbers.push(number);
    this.unit(mix(0x6e756d, wordCode(digits)));
    this.length += at - start;
    this.previous = 0;
    return at;
  }

  private word(start: number): number {
    const { text } = this;
    let at = start;
    let hash = 0;
    for (; at < text.length; at++) {
      const code = plain(text.charCodeAt(at));
      if (!isLetter(code) && !isDigit(code)) break;
      hash = mix(hash, lower(code));
    }
    const size = at - start;
    // `meetings` is `meeting`.
    const plural = size > 3 && lower(plain(text.charCodeAt(at - 1))) === 0x73;
    const whole = plural ? wordCode(text.slice(start, at - 1)) : hash;
    this.unit(whole);
    if (size > 1 && !FUNCTION_WORDS.has(hash)) this.gram(whole);
    this.letters += size;
    this.length += size;
    this.previous = 0;
    return at;
  }

  private character(at: number, code: number): number {
    const { text } = this;
    const unit = text.codePointAt(at)! > 0xffff ? text.codePointAt(at)! : code;
    const size = unit > 0xffff ? 2 : 1;
    if (isHanNumeral(code) && !isHanNumeral(text.charCodeAt(at - 1))) {
      let end = at + 1;
      while (isHanNumeral(text.charCodeAt(end))) end++;
      // 万 and 亿 behind digits belong to the digits.
      if (!isDigit(plain(text.charCodeAt(at - 1)))) this.numbers.push(hanNumber(text.slice(at, end)));
    }
    this.unit(unit);
    const { previous } = this;
    if (previous !== 0 && FUNCTION_CHARACTERS[previous] !== 1 && FUNCTION_CHARACTERS[unit] !== 1) {
      this.gram(mix(mix(0, previous), unit));
    }
    this.previous = unit;
    this.letters++;
    this.cjkLetters++;
    this.length += size;
    return at + size;
  }

  private unit(code: number): void {
    this.codes[this.units++] = code;
  }

  private gram(code: number): void {
    if (this.gramSet.add(code)) this.grams[this.gramCount++] = code;
  }
}

/** The runs of `length` units in a text, each once. */
export function runsOf({ units }: Profile, length: number): IntSet {
  const runs = new IntSet(Math.max(units.length - length + 1, 0));
  // A rolling hash: each step drops the oldest unit and takes in the next.
  let oldest = 1;
  for (let power = 0; power < length; power++) oldest = Math.imul(oldest, BASE);
  let hash = 0;
  for (let at = 0; at < units.length; at++) {
    hash = (Math.imul(hash, BASE) + units[at]!) | 0;
    if (at >= length) hash = (hash - Math.imul(oldest, units[at - length]!)) | 0;
    if (at >= length - 1) runs.add(hash);
  }
  return runs;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

function wordCode(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at++) hash = mix(hash, lower(plain(word.charCodeAt(at))));
  return hash;
}

/** Full-width forms to their plain ones. */
function plain(code: number): number {
  return code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code;
}

function lower(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 32 : code;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Letters of alphabets, by block: Latin, Greek, Cyrillic, Hebrew, Arabic, Thai and what lies between. */
function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0xc0 && code < 0x2000);
}

/** Han, kana, hangul; and the leading surrogates of the supplementary Han blocks. */
function isCjk(code: number): boolean {
  return (
    (code >= 0x3400 && code <= 0x9fff) ||
    (code >= 0x3041 && code <= 0x30ff) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xd840 && code <= 0xd87f) ||
    code === 0x3007
  );
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === 0x3000 || code === 0xfeff;
}
