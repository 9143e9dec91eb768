/** Where a text is cut for summary-level scores: at line ends, or at line ends and after 。！？｡ with closing quotes. */
export type SentenceSplit = 'lines' | 'punctuation';

const SENTENCE = /[^\n。！？｡]*[。！？｡]+[”’」』》）)"']*|[^\n。！？｡]+/gu;

/** The sentences of a text, empty ones left out. */
export function splitSentences(text: string, split: SentenceSplit = 'lines'): string[] {
  if (split === 'punctuation') return text.match(SENTENCE) ?? [];
  return text.split('\n').filter((line) => line !== '');
}
