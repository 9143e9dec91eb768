import type { JsonObject } from '../json.js';
import { defineScorer } from './define.js';
import { type NormalizeOptions, normalize } from './text/normalize.js';
import type { Score, ScoringInput } from './types.js';

const DEFAULTS: Required<NormalizeOptions> = {
  nfkc: true,
  ignoreCase: false,
  ignoreWhitespace: false,
  ignorePunctuation: false,
};

/** 1 if the output equals any of the sample's targets, else 0. Whitespace at the ends never counts. */
export const exactMatch = defineScorer({
  id: 'exact-match',
  description: 'Whether the output equals a target: 1 or 0',
  range: [0, 1],
  options: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    properties: {
      nfkc: {
        type: 'boolean',
        default: DEFAULTS.nfkc,
        description: 'Full-width and other compatibility forms count as their plain forms (Unicode NFKC).',
      },
      ignoreCase: {
        type: 'boolean',
        default: DEFAULTS.ignoreCase,
        description: 'Upper and lower case count as equal.',
      },
      ignoreWhitespace: {
        type: 'boolean',
        default: DEFAULTS.ignoreWhitespace,
        description: 'All whitespace is dropped. Whitespace at the ends is always dropped, and CRLF counts as LF.',
      },
      ignorePunctuation: {
        type: 'boolean',
        default: DEFAULTS.ignorePunctuation,
        description:
          'Punctuation of every script is dropped, 。、「」《》 included, except what belongs to a number: between two digits (3.5, 12:30), a minus before one, a percent sign after one. Symbols such as + or $ are not punctuation.',
      },
    },
  },
  score: (input, { options }) => scoreExactMatch(input, options),
});

function scoreExactMatch({ sample, output }: ScoringInput, options: JsonObject): Score {
  if (sample.targets.length === 0) return { value: null, reason: 'the sample has no target' };
  const settings: NormalizeOptions = { ...DEFAULTS, ...options };
  // A target of which nothing is left would match every output of which nothing is left.
  const targets = sample.targets.map((target) => normalize(target, settings)).filter((target) => target !== '');
  if (targets.length === 0) {
    const blank = sample.targets.every((target) => target.trim() === '');
    return { value: null, reason: blank ? 'the target is empty' : 'nothing is left of the target after normalisation' };
  }
  return { value: targets.includes(normalize(output, settings)) ? 1 : 0 };
}
