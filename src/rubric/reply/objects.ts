import { type Node, ObjectReader } from './object-reader.js';

export interface FoundObject {
  node: Node;
  /** Where it stands in the text; `end` is behind its last character. */
  start: number;
  end: number;
  /** It is JSON as it stands; nothing was repaired. */
  strict: boolean;
}

export interface FoundObjects {
  /** Objects, and arrays that begin with an object, in the order of the text; none lies inside another. */
  found: FoundObject[];
  /** Where the first object begins that the end of the text cuts off. */
  cutAt?: number;
  /** Given up: the text is too tangled to be read in time linear to its length. */
  tangled: boolean;
}

/**
 * Finds the objects in a reply: JSON, and what models write for JSON. Understood beside JSON: single, Chinese and
 * full-width quotes, full-width braces, colons and commas, `=` for a colon, unquoted keys and values, line breaks and
 * unescaped quotes in strings, comments, trailing and (between lines) missing commas, closing braces missing at the end
 * of the text or of its code fence. What is still not an object after that is passed over.
 */
export function findObjects(text: string): FoundObjects {
  const found: FoundObject[] = [];
  const reader = new ObjectReader(text);
  const opening = /[{｛[［]/g;
  let cutAt: number | undefined;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const start = match.index;
    if (/[[［]/.test(match[0]) && !/^\s{0,20}[{｛]/.test(text.slice(start + 1, start + 22))) continue;
    const node = reader.read(start);
    if (node) {
      found.push({ node, start, end: reader.at, strict: reader.strict });
      opening.lastIndex = reader.at;
    } else if (reader.cut) {
      cutAt ??= start;
    }
    if (reader.tangled) return { found, cutAt, tangled: true };
  }
  return { found, cutAt, tangled: false };
}
