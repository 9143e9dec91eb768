import { UsageError } from '../errors.js';
import type { JsonObject } from '../json.js';
import { defineScorer } from './define.js';
import { type RougeOptions, type RougeType, rougeScores } from './text/rouge.js';
import { defaultTokenizer, loadTokenizer, TOKENIZERS, type TokenizerName } from './text/tokenize.js';
import type { Score, ScoringContext, ScoringInput } from './types.js';

const DEFAULT_TYPES: readonly RougeType[] = ['rouge1', 'rouge2', 'rougeL'];
const TYPE_PATTERN = '^rouge([1-9]|L|Lsum)$';

/**
 * ROUGE. The value is the F of the `headline` type; the metrics are each type's F under its name, and
 * `<type>.precision` and `<type>.recall`. Throws UsageError if `headline` is not among `types`.
 */
export const rouge = defineScorer({
  id: 'rouge',
  description: 'ROUGE-N, ROUGE-L and ROUGE-Lsum against the best target',
  range: [0, 1],
  options: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    properties: {
      types: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { type: 'string', pattern: TYPE_PATTERN },
        default: DEFAULT_TYPES,
        description: 'Which ROUGE: rouge1 to rouge9, rougeL, rougeLsum.',
      },
      headline: {
        type: 'string',
        pattern: TYPE_PATTERN,
        description: 'The type whose F is the score. By default rougeL if it is among the types, else the first type.',
      },
      tokenizer: {
        type: 'string',
        enum: TOKENIZERS,
        description:
          "jieba: Chinese words. char: single characters. word: Google rouge_score's, a-z and 0-9 only. By default jieba for a Chinese task, word for a language in Latin script, char for any other.",
      },
      stemmer: {
        type: 'boolean',
        default: false,
        description: 'Reduce English words to their Porter stems. For the tokenizer word only.',
      },
      counting: {
        type: 'string',
        enum: ['clipped', 'set'],
        default: 'clipped',
        description:
          "clipped: repeated n-grams count, as in Google's rouge_score. set: each distinct n-gram counts once, as in the rouge and rouge_chinese packages.",
      },
      sentences: {
        type: 'string',
        enum: ['lines', 'punctuation'],
        default: 'lines',
        description: 'Where rougeLsum cuts sentences: at line ends, or also after 。！？',
      },
    },
  },
  load: (context) => loadTokenizer(resolve(context).tokenizer),
  score: (input, context) => scoreRouge(input, resolve(context)),
});

interface Settings extends RougeOptions {
  headline: RougeType;
}

/** The schema has checked `options`, all but what one option asks of another. */
function resolve({ options, language }: Pick<ScoringContext, 'options' | 'language'>): Settings {
  const given = options as JsonObject & Partial<Settings>;
  const types = given.types ?? DEFAULT_TYPES;
  const headline = given.headline ?? (types.includes('rougeL') ? 'rougeL' : types[0]!);
  if (!types.includes(headline)) {
    throw new UsageError(`The headline \`${headline}\` of the scorer \`rouge\` is not among its types`, {
      hint: `Add it to \`types\`, or name one of: ${types.join(', ')}.`,
    });
  }
  return { ...given, types, headline, tokenizer: given.tokenizer ?? defaultTokenizer(language) };
}

function scoreRouge({ sample, output }: ScoringInput, settings: Settings): Score {
  if (sample.targets.length === 0) return { value: null, reason: 'the sample has no target' };
  const targets = sample.targets.filter((target) => target.trim() !== '');
  if (targets.length === 0) return { value: null, reason: 'the target is empty' };

  const { tokenizer } = settings;
  const readable = targets.filter((target) => hasTokens(target, tokenizer));
  if (readable.length === 0) return { value: null, reason: unreadable('target') };
  // An output of mere punctuation holds no answer, as an empty one; one in another script is not for us to call wrong.
  if (!hasTokens(output, tokenizer) && /[\p{L}\p{N}]/u.test(output)) {
    return { value: null, reason: unreadable('output') };
  }

  const metrics: Record<string, number> = {};
  const scores = rougeScores(readable, output, settings);
  for (const type of settings.types) {
    const { f, precision, recall } = scores[type]!;
    metrics[type] = f;
    metrics[`${type}.precision`] = precision;
    metrics[`${type}.recall`] = recall;
  }
  return { value: scores[settings.headline]!.f, metrics };
}

/** Whether a text that is not blank gives any tokens. Only `word` can find none in it. */
function hasTokens(text: string, tokenizer: TokenizerName): boolean {
  return tokenizer !== 'word' || /[a-z0-9]/.test(text.toLowerCase());
}

function unreadable(what: string): string {
  return `the tokenizer \`word\` sees only a-z and 0-9, and the ${what} has none; use \`jieba\` for Chinese or \`char\``;
}
