/** A number in a text, with the other value that it may be written as elsewhere: `120万` is 1,200,000, or 120 of 万. */
export interface NumberToken {
  value: number;
  alternative: number;
  /** Surely meant as a number: `一` alone may be part of a word. */
  firm: boolean;
}

const DIGITS = new Map([...'零一二三四五六七八九'].map((char, value) => [char, value]));
DIGITS.set('〇', 0).set('两', 2);
const UNITS = new Map([
  ['十', 10],
  ['百', 100],
  ['千', 1000],
]);
const MYRIADS = new Map([
  ['万', 10_000],
  ['亿', 100_000_000],
]);

const IS_NUMERAL = new Uint8Array(0x10000);
for (const char of [...DIGITS.keys(), ...UNITS.keys(), ...MYRIADS.keys()]) IS_NUMERAL[char.charCodeAt(0)] = 1;

/** Whether a UTF-16 unit can be part of a Chinese numeral. */
export function isHanNumeral(code: number): boolean {
  return IS_NUMERAL[code] === 1;
}

/** The number that a run of Chinese numerals says: `二十五` 25, `二零二四` 2024, `一百二十万` 1,200,000. */
export function hanNumber(run: string): NumberToken {
  if (run.length > 1 && [...run].every((char) => DIGITS.has(char))) {
    const value = Number([...run].map((char) => DIGITS.get(char)).join(''));
    return { value, alternative: value, firm: true };
  }
  let total = 0;
  let section = 0;
  let digit = -1;
  let beforeMyriad = Number.NaN;
  for (const char of run) {
    const unit = UNITS.get(char);
    const myriad = MYRIADS.get(char);
    if (unit !== undefined) {
      section += (digit === -1 ? 1 : digit) * unit;
      digit = -1;
    } else if (myriad !== undefined) {
      beforeMyriad = section + Math.max(digit, 0);
      total += (beforeMyriad || 1) * myriad;
      section = 0;
      digit = -1;
    } else {
      digit = DIGITS.get(char)!;
    }
  }
  const rest = section + Math.max(digit, 0);
  const value = total + rest;
  return { value, alternative: rest === 0 && beforeMyriad > 0 ? beforeMyriad : value, firm: run.length > 1 };
}

/** The number that digits say, with what stands behind them: `1,200`, `3.5`, `120` before `万`. */
export function digitNumber(digits: string, next: string): NumberToken {
  const value = Number(digits.replaceAll(',', ''));
  const myriad = MYRIADS.get(next);
  return { value: myriad === undefined ? value : value * myriad, alternative: value, firm: true };
}
