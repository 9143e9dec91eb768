import type { Dimension, Rubric, Scale } from '../../../src/rubric/types.js';

const SCALE: Scale = { min: 1, max: 10, step: 1, multiply: 1, anchors: [] };

function dimension(id: string, en: string, zh: string, extra: Partial<Dimension> = {}): Dimension {
  return {
    id,
    title: { en, zh },
    description: { en: `About ${en}.`, zh: `关于${zh}。` },
    weight: 1,
    anchors: [],
    ...extra,
  };
}

function rubric(id: string, extra: Partial<Rubric>): Rubric {
  return {
    id,
    title: { en: id, zh: id },
    principles: [],
    scale: SCALE,
    dimensions: [],
    overall: 'judge',
    emptyOutput: 'minimum',
    file: '(test)',
    hash: id,
    ...extra,
  };
}

/** Rubrics that the fixtures of replies name. */
export const rubrics = {
  /** Five dimensions and an overall score by the judge, 1-10. */
  summary: rubric('summary', {
    dimensions: [
      dimension('faithfulness', 'Faithfulness', '一致性'),
      dimension('completeness', 'Completeness', '完整性'),
      dimension('conciseness', 'Conciseness', '简洁性'),
      dimension('fluency', 'Fluency', '流畅性'),
      dimension('instruction-following', 'Instruction following', '指令遵循'),
    ],
  }),
  /** Two dimensions, the overall score computed 3:1. */
  weighted: rubric('weighted', {
    overall: 'weighted-mean',
    dimensions: [
      dimension('accuracy', 'Accuracy', '准确性', { weight: 3 }),
      dimension('clarity', 'Clarity', '清晰性', { weight: 1 }),
    ],
  }),
  /** Two dimensions and an overall score by the judge. */
  pair: rubric('pair', {
    dimensions: [dimension('accuracy', 'Accuracy', '准确性'), dimension('clarity', 'Clarity', '清晰性')],
  }),
  /** An overall score alone, 1-10. */
  single: rubric('single', {}),
  /** 0, 0.5 or 1, reported times 10. */
  correction: rubric('correction', { scale: { min: 0, max: 1, step: 0.5, multiply: 10, anchors: [] } }),
  /** An overall score alone, -2 to 2. */
  signed: rubric('signed', { scale: { min: -2, max: 2, step: 1, multiply: 1, anchors: [] } }),
} satisfies Record<string, Rubric>;

export type RubricName = keyof typeof rubrics;
