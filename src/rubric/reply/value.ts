import { describeScale, isOnScale } from '../scale.js';
import type { Scale } from '../types.js';

/** What a text says as a score; undefined where it says none. */
export type ScoreText =
  /** `unit`: written as a score can only be, `8分` or `8/10`. */
  | { kind: 'value'; value: number; unit: boolean }
  /** A number, but none that the scale allows. */
  | { kind: 'refused'; problem: string }
  | undefined;

const NUMBER = /[+-]?(?:0|[1-9]\d{0,5})(?:\.\d{1,6})?(?!\.?\d)/y;
/** `一、` counts paragraphs. */
const HAN_NUMBER = /[零〇一二两三四五六七八九十百点]{1,8}(?!\s*[、.])/y;
const DENOMINATOR = /\s*分?\s*(?:\/|out of|of)\s*(\d{1,6}(?:\.\d{1,6})?)(?:\s*(?:分|points?|pts?))?(?![\d.]*\d)/y;
/** `8分钟`, `8分以上` and `一分为二` are none. */
const FEN = /\s*分(?!\p{Script=Han})/uy;
const POINTS = /\s*(?:points?|pts?)\b/y;
const OF_TOTAL = /\s*[([,]?\s*(?:满分|总分|共|out of)\s*[为是:]?\s*(\d{1,6}(?:\.\d{1,6})?)/y;
/** Behind `8分`: anything that does not make it a range, a date or a fraction. */
const TAIL = /(?!\s*(?:[-–—~/]|到|至|或|to\b|or\b)\s*\d|\s*%)/y;
/** Behind all others (`3/10 of the points are there`): nothing, or punctuation that ends the statement and is not followed by another number. */
const STRICT_TAIL = /[\s*_"'`\])}>】」”’]*(?:$|[,;:.!?([{<。！？…|、](?!\s*\d)|[-–—](?=\s)(?!\s*\d)|[–—](?!\s*\d))/y;
const WRAPPING = /^[\s*_"'`[({<“‘「【\\]*/;

/**
 * Reads a score off the beginning of `text` (folded by `foldText`): `8`, `8.5`, `8/10`, `8 out of 10`, `8分`, `[[8]]`,
 * `八分`. Not a score: ranges (`7-8`), dates, percentages, exponents, counts (`8 errors`), grade letters.
 */
export function readScore(text: string, scale: Scale): ScoreText {
  const start = WRAPPING.exec(text)![0].length;
  const digits = take(NUMBER, text, start);
  const written = digits ?? take(HAN_NUMBER, text, start);
  if (written === undefined) return undefined;
  const value = digits === undefined ? hanNumber(written[0]) : Number(digits[0]);
  if (value === undefined) return undefined;
  let end = start + written[0].length;

  const denominator = take(DENOMINATOR, text, end);
  const fen = denominator ? undefined : take(FEN, text, end);
  const unit = denominator ?? fen ?? take(POINTS, text, end);
  if (unit) end += unit[0].length;
  // Chinese numerals are words, too: `十分` is also `very`.
  if (!take(fen && digits ? TAIL : STRICT_TAIL, text, end)) return undefined;

  const total = denominator?.[1] ?? take(OF_TOTAL, text, end)?.[1];
  if (total !== undefined && Number(total) !== scale.max) {
    return { kind: 'refused', problem: `${written[0]} out of ${total}, but the scale ends at ${scale.max}` };
  }
  if (!isOnScale(scale, value)) {
    return { kind: 'refused', problem: `${written[0]}, which is not on the scale of ${describeScale(scale)}` };
  }
  return { kind: 'value', value, unit: unit !== undefined };
}

function take(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

const HAN_DIGITS = '零一二三四五六七八九';

/** The value of a Chinese numeral from 零 to 一百, with one decimal after 点; undefined for what is none. */
function hanNumber(text: string): number | undefined {
  const match =
    /^(?:(百|一百)|([一二两三四五六七八九])?十([一二三四五六七八九])?|([零〇一二两三四五六七八九]))(?:点([零〇一二三四五六七八九]))?$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, hundred, tens, ones, single, decimal] = match;
  const whole = hundred
    ? 100
    : single
      ? hanDigit(single)
      : (tens ? hanDigit(tens) : 1) * 10 + (ones ? hanDigit(ones) : 0);
  return decimal === undefined ? whole : Number(`${whole}.${hanDigit(decimal)}`);
}

function hanDigit(char: string): number {
  return HAN_DIGITS.indexOf(char.replace('两', '二').replace('〇', '零'));
}
