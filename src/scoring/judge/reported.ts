import type { JsonObject } from '../../json.js';
import type { Rubric, Scale } from '../../rubric/types.js';
import type { Score } from '../types.js';

/** A value of the scale as it is reported: times `multiply`, without the noise of binary fractions. */
function reported(scale: Scale, value: number): number {
  return scale.multiply === 1 ? value : Number((value * scale.multiply).toPrecision(12));
}

/** A graded sample as a score: the overall score as its value, the dimensions as its metrics, both as reported. */
export function gradedScore(
  { scale }: Rubric,
  overall: number,
  scores: Readonly<Record<string, number>>,
  details: JsonObject,
): Score {
  const metrics = Object.fromEntries(Object.entries(scores).map(([id, value]) => [id, reported(scale, value)]));
  return { value: reported(scale, overall), metrics, details };
}

/** The score of an empty answer, by the rubric's `emptyOutput`; undefined where the answer is not empty. */
export function emptyOutputScore(rubric: Rubric, output: string, judge: string): Score | undefined {
  if (output.trim() !== '') return undefined;
  const details = { judge, empty: true };
  if (rubric.emptyOutput === 'unscored') return { value: null, reason: 'the output is empty', details };
  const { min } = rubric.scale;
  return gradedScore(rubric, min, Object.fromEntries(rubric.dimensions.map(({ id }) => [id, min])), details);
}
