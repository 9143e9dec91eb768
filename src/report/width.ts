/** How text lies in the cells of a terminal, where Chinese and emoji take two. */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * First and last code point of what is two cells wide (East Asian Width W and F, UAX #11), emoji aside. Unassigned code
 * points of the ideographic planes are wide by rule.
 */
const WIDE = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18d08],
  [0x1aff0, 0x1b2fb],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
] as const;

const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Emoji}.*\u{FE0F}|\p{Regional_Indicator}{2})/u;
const ZERO = /^[\p{Mark}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+$/u;

/** Cells that `text`, one line without escape sequences, takes. */
export function displayWidth(text: string): number {
  // Printable ASCII needs no look-up.
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (ZERO.test(grapheme)) return 0;
  const point = grapheme.codePointAt(0) ?? 0;
  const wide = WIDE.some(([first, last]) => first <= point && point <= last);
  return wide || EMOJI.test(grapheme) ? 2 : 1;
}

/** The longest beginning of `text` that takes at most `width` cells; what is cut shows as `…`. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return `${head(text, width - 1).trimEnd()}…`;
}

function head(text: string, width: number): string {
  let used = 0;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width) break;
    kept += segment;
  }
  return kept;
}

/** `text` filled up with spaces to `width` cells. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/**
 * Puts pieces into lines of at most `width` cells, >= 2. Pieces stay whole; only one that is longer than a line is broken,
 * by characters.
 */
export function flow(pieces: readonly string[], width: number, separator = ' '): string[] {
  const lines: string[] = [];
  const end = separator.trimEnd();
  let line = '';
  for (const [i, text] of pieces.entries()) {
    const piece = i < pieces.length - 1 ? text + end : text;
    const joined = line === '' ? piece : line + separator.slice(end.length) + piece;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = piece;
    while (displayWidth(line) > width) {
      const start = head(line, width);
      lines.push(start);
      line = line.slice(start.length);
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** A text from elsewhere as one line that cannot steer a terminal: control and direction characters become spaces. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim();
}
