/** What two texts may differ in and still count as equal. */
export interface NormalizeOptions {
  /**
   * Unicode compatibility form NFKC: folds full-width letters, digits and punctuation, `①`, `㈱`, `ﬁ`. It leaves 。、「」《》
   * alone, which have no narrow counterpart; and it folds superscripts, so that `2²` becomes `22`.
   */
  nfkc?: boolean;
  ignoreCase?: boolean;
  /** Drops every whitespace character. Without it, only the ends are trimmed and CRLF counts as LF. */
  ignoreWhitespace?: boolean;
  /**
   * Drops punctuation of every script (Unicode category P, and the tilde). What belongs to a number stays: what stands
   * between two digits (`3.5`, `12:30`, `1/2`), a minus before and a percent sign after one. So do symbols such as `+`, `<`, `$`, `℃`.
   */
  ignorePunctuation?: boolean;
}

const WHITESPACE = /[\p{White_Space}\u{FEFF}]+/gu;
const BETWEEN_DIGITS = /(?<=\p{Nd})\p{P}(?=\p{Nd})/u.source;
const MINUS_SIGN = /(?<![\p{L}\p{N}])[-－](?=\p{Nd})/u.source;
const PERCENT_SIGN = /(?<=\p{Nd})[%％‰]/u.source;
const PUNCTUATION = new RegExp(`(?!${BETWEEN_DIGITS}|${MINUS_SIGN}|${PERCENT_SIGN})[\\p{P}~～]`, 'gu');

/** The text with everything taken out that `options` say does not count; by default only outer whitespace and CR. */
export function normalize(text: string, options: NormalizeOptions = {}): string {
  let result = text.replaceAll('\r\n', '\n');
  if (options.nfkc) result = result.normalize('NFKC');
  if (options.ignoreCase) {
    result = result.toLowerCase();
    // Lower case can leave the normal form again.
    if (options.nfkc) result = result.normalize('NFKC');
  }
  if (options.ignorePunctuation) result = result.replace(PUNCTUATION, '');
  return options.ignoreWhitespace ? result.replace(WHITESPACE, '') : result.trim();
}
