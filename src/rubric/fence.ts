import { createHash } from 'node:crypto';

/**
 * A key for the fences around `fields`: the same for the same fields, so that an equal request is an equal request (and
 * is found in the cache), and found in none of them. A text that wants to close its own fence would have to hold a hash
 * of itself. `length` is in hex digits, at most 64.
 */
export function fenceKey(fields: readonly string[], length = 16): string {
  for (let attempt = 0; ; attempt++) {
    const key = createHash('sha256')
      .update(JSON.stringify([attempt, ...fields]))
      .digest('hex')
      .slice(0, length);
    if (!fields.some((field) => field.includes(key))) return key;
  }
}

/** `text` between two lines that carry the key. */
export function fence(label: string, key: string, text: string): string {
  return `<<<BEGIN ${label} ${key}>>>\n${text}\n<<<END ${label} ${key}>>>`;
}
