import type { Json, JsonObject } from '../../json.js';
import { nearestOnScale } from '../../rubric/scale.js';
import type { Dimension, Estimate, EstimateSignal, Rubric } from '../../rubric/types.js';
import type { Score, ScoringInput } from '../types.js';
import { emptyOutputScore, gradedScore } from './reported.js';
import { measure, type Signals } from './signals.js';

/** What a rubric without dimensions is estimated by. */
const WHOLE: Estimate = { coverage: 3, faithfulness: 3, relevance: 1, length: 1, repetition: 1, format: 1, fluency: 1 };
/** How deep the texts of a sample's variables may be nested. */
const MAX_DEPTH = 20;

export interface BaselineJudge {
  /** Grades one answer. Never throws. */
  assess(input: ScoringInput): Score;
}

/**
 * The judge that needs no model and no network: each dimension's `estimate` signals, averaged by weight and laid onto the
 * scale. It is there so that a fresh machine can run, and as the bar that a model judge must beat; it does not understand
 * what it grades. A signal that cannot be measured (most need a reference) is left out and the others weigh more. A dimension
 * without any is left out; where it counts for the overall score, the sample is unscored and says why.
 */
export function createBaselineJudge(rubric: Rubric): BaselineJudge {
  return {
    assess({ sample, output }) {
      const empty = emptyOutputScore(rubric, output, 'baseline');
      if (empty) return empty;
      const signals = measure(textsOf(sample.variables).join('\n'), sample.targets, output);
      const details = detailsOf(signals);
      if (rubric.dimensions.length === 0) {
        // Some of the signals need no reference, so there is always a value.
        return gradedScore(rubric, estimate(rubric, WHOLE, signals)!, {}, details);
      }
      return assessDimensions(rubric, signals, details);
    },
  };
}

function assessDimensions(rubric: Rubric, signals: Signals, details: JsonObject): Score {
  const scores: Record<string, number> = {};
  const missing: Dimension[] = [];
  let sum = 0;
  let weights = 0;
  for (const dimension of rubric.dimensions) {
    const value = dimension.estimate && estimate(rubric, dimension.estimate, signals);
    if (value !== undefined) {
      scores[dimension.id] = value;
      sum += dimension.weight * value;
      weights += dimension.weight;
    } else if (dimension.weight > 0) missing.push(dimension);
  }
  if (missing.length > 0 || weights === 0) {
    const why = missing.map(({ id, estimate: named }) =>
      named === undefined ? `${id} names no signals` : `${id} needs a reference`,
    );
    const reason = `baseline cannot estimate the overall score: ${why.join(', ') || 'no dimension has a weight'}`;
    return { value: null, reason, details: { ...details, scores } };
  }
  return gradedScore(rubric, sum / weights, scores, details);
}

/** A value of the scale, or undefined where none of the signals was measured. */
function estimate(rubric: Rubric, wanted: Estimate, signals: Signals): number | undefined {
  const weights: Partial<Record<EstimateSignal, number>> = typeof wanted === 'string' ? { [wanted]: 1 } : wanted;
  let sum = 0;
  let total = 0;
  for (const [name, weight] of Object.entries(weights) as [EstimateSignal, number][]) {
    const value = signals.values[name];
    if (value === undefined) continue;
    sum += weight * value;
    total += weight;
  }
  if (total === 0) return undefined;
  const { min, max } = rubric.scale;
  return nearestOnScale(rubric.scale, min + (sum / total) * (max - min));
}

function detailsOf({ values, soundness }: Signals): JsonObject {
  const rounded = Object.entries({ ...values, soundness }).map(([name, value]) => [name, Number(value.toFixed(3))]);
  return { judge: 'baseline', signals: Object.fromEntries(rounded) };
}

/** The texts of a sample's variables, in order: what the answer was made from. */
function textsOf(value: Json | undefined, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return [];
  return Object.values(value).flatMap((item) => textsOf(item, depth + 1));
}
