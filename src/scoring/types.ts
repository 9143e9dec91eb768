import type { JsonObject, JsonSchema } from '../json.js';
import type { Sample } from '../task/types.js';

/** A score, or the reason why there is none. Null is never read as 0 and never dropped in silence. */
export type Score = Scored | Unscored;

export interface Scored {
  value: number;
  /** Further numbers by name, e.g. `rouge1`, `rouge1.precision`; reported as `<scorer name>.<name>`. */
  metrics?: Record<string, number>;
  /** Anything that explains the value: a judge's verdict, matched items. */
  details?: JsonObject;
}

export interface Unscored {
  value: null;
  reason: string;
  details?: JsonObject;
}

/** What a scorer sees of one sample. */
export interface ScoringInput {
  task: string;
  sample: Sample;
  /** 1-based number of the repeat. */
  epoch: number;
  /** The candidate's answer. */
  output: string;
}

export interface ScoringContext {
  /** The task's options for this scorer, validated against `Scorer.options`. */
  options: JsonObject;
  /** The task's language, a BCP 47 tag. */
  language: string;
  signal: AbortSignal;
}

/** A scoring strategy: `defineScorer({...})`. */
export interface Scorer {
  id: string;
  /** One line for `judge list`. */
  description?: string;
  /** JSON Schema of the options. Absent: no options are taken. */
  options?: JsonSchema;
  /** Lowest and highest value, where bounded; intervals are cut to it. */
  range?: readonly [number, number];
  /** Loads what scoring needs (a segmenter, say), once per thread, before the first `score`. */
  load?(context: Pick<ScoringContext, 'options' | 'language'>): Promise<void>;
  score(input: ScoringInput, context: ScoringContext): Score | Promise<Score>;
}

/** How a task names a scorer: by id, by id with options, in full, or (from code) the scorer itself. */
export type ScorerEntry =
  | string
  | { [id: string]: JsonObject }
  | { scorer: string; name?: string; options?: JsonObject }
  | Scorer;
