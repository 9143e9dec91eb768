import type { LocalizedText } from './types.js';

/** A text in both languages; a plain one stands for both. */
export function localized(text: string | LocalizedText): LocalizedText {
  return typeof text === 'string' ? { en: text, zh: text } : { en: text.en, zh: text.zh };
}
