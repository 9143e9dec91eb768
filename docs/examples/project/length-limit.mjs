import { defineScorer } from 'judgekit';

/** Whether an answer keeps to the number of characters that its sample allows. */
const lengthLimit = defineScorer({
  id: 'length-limit',
  description: 'Whether the answer keeps to metadata.maxCharacters: 1 or 0',
  range: [0, 1],
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      tolerance: { type: 'integer', minimum: 0, default: 0, description: 'Characters that it may be over.' },
    },
  },
  score({ sample, output }, { options }) {
    const limit = sample.metadata?.maxCharacters;
    if (typeof limit !== 'number') return { value: null, reason: 'the sample has no metadata.maxCharacters' };
    // Not output.length, which counts an emoji and a rare Chinese character as two.
    const characters = Array.from(output.trim()).length;
    const { tolerance = 0 } = options;
    return { value: characters <= limit + tolerance ? 1 : 0, metrics: { characters } };
  },
});

export default { scorers: [lengthLimit] };
