import type { Jieba } from '@node-rs/jieba';
import { UsageError } from '../../errors.js';

let segmenter: Jieba | undefined;
let loading: Promise<void> | undefined;

async function load(): Promise<void> {
  try {
    const [{ Jieba }, { dict }] = await Promise.all([import('@node-rs/jieba'), import('@node-rs/jieba/dict.js')]);
    segmenter = Jieba.withDict(dict);
  } catch (cause) {
    throw new UsageError('The jieba segmenter cannot be loaded on this machine', {
      hint: 'Use the tokenizer `char`, or install `@node-rs/jieba` with its package for this platform.',
      cause,
    });
  }
}

/**
 * Loads jieba's default dictionary, once a thread: about 0.25 s and 65 MB, which is why nothing loads it that does not
 * cut Chinese words. Throws UsageError where there is no build of the segmenter for this machine.
 */
export function loadJieba(): Promise<void> {
  loading ??= load();
  return loading;
}

/**
 * The segmenter takes any sign between a letter or digit and a digit for a decimal point (`GPT-4`, `3-5`, `5%3` come out
 * whole); Python's jieba does not. No dictionary word spans these places, so that cutting there changes nothing else.
 */
const FALSE_POINT = /(?<=[a-zA-Z0-9])(?=[-+#&_]\d)|(?<=[a-zA-Z0-9]%)(?=\d)/;

/** Cuts as Python's `jieba.cut(text)` does: accurate mode, with the HMM for words outside the dictionary. */
export function cutWords(text: string): string[] {
  const jieba = segmenter;
  if (jieba === undefined) {
    throw new UsageError('The tokenizer `jieba` is used before it is loaded', {
      hint: "Await `load()` of the scorer, or `loadTokenizer('jieba')`, first.",
    });
  }
  if (!FALSE_POINT.test(text)) return jieba.cut(text, true);
  return text.split(FALSE_POINT).flatMap((part) => jieba.cut(part, true));
}
