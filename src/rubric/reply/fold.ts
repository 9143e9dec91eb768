/** Superscripts, subscripts and fractions: compatibility folding would turn `8²` into 82 and `7½` into 71/2. */
const SMALL_DIGITS = /[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u215f\u2189]/g;
/** What decorates a label without being part of it: spaces, joints, markdown, quotes and brackets that hold titles. */
const DECORATION = /[\s_\-*#~"'`“”‘’「」『』【】《》〈〉<>[\]{}|\\\u200b\ufeff]/;
const DECORATIONS = new RegExp(DECORATION, 'g');

/** Full-width forms to plain ones, upper to lower case; the form in which labels and values are read. */
export function foldText(text: string): string {
  return text.replace(SMALL_DIGITS, '\ufffd').normalize('NFKC').toLowerCase();
}

/** A key or title in the form in which two are the same: `Instruction_Following` is `instruction following`. */
export function foldKey(text: string): string {
  return foldText(text).replace(DECORATIONS, '');
}

export function isDecoration(char: string): boolean {
  return DECORATION.test(char);
}
