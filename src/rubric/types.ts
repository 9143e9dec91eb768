import type { LocalizedText } from '../task/types.js';

/** Measurable signals that the built-in baseline judge knows; each gives 0 (worst) to 1 (best). */
export type EstimateSignal = 'coverage' | 'faithfulness' | 'relevance' | 'length' | 'repetition' | 'format' | 'fluency';

/** A dimension's signal, or several with weights (they are normalised to sum 1). */
export type Estimate = EstimateSignal | Partial<Record<EstimateSignal, number>>;

/** The numbers a judge may give. */
export interface ScaleDefinition {
  min: number;
  max: number;
  /** Allowed values are min, min + step, …, max. Default 1. */
  step?: number;
  /** Reported scores are the judge's times this; 0/0.5/1 with `multiply: 10` reports 0, 5, 10. Default 1. */
  multiply?: number;
  /** What a level means, keyed by a value or a range of the scale: `"7-8"`, `"0.5"`. */
  anchors?: Record<string, string | LocalizedText>;
}

export interface DimensionDefinition {
  id: string;
  title?: string | LocalizedText;
  description: string | LocalizedText;
  /** Share in `overall: weighted-mean`. Default 1, >= 0. */
  weight?: number;
  /** This dimension's own anchors, beside the scale's. */
  anchors?: Record<string, string | LocalizedText>;
  estimate?: Estimate;
}

/** A rubric as its author writes it (`rubrics/<id>.yaml`, `defineRubric({...})`). */
export interface RubricDefinition {
  id: string;
  title?: string | LocalizedText;
  description?: string | LocalizedText;
  /** Who the judge is; one or two sentences. */
  role?: string | LocalizedText;
  /** Rules that hold for every dimension, each one sentence. */
  principles?: readonly (string | LocalizedText)[];
  scale: ScaleDefinition;
  /** May be empty when only an overall score is wanted. */
  dimensions: readonly DimensionDefinition[];
  /** `judge`: the judge gives it. `weighted-mean`: computed from the dimensions by weight. */
  overall: 'judge' | 'weighted-mean';
  /** What the reference answer is worth on the scale, told to the judge; absent: nothing is said. */
  referenceScore?: number;
  /** An empty answer: `minimum` scores the scale's minimum without a call; `unscored` records it as unscored. */
  emptyOutput?: 'minimum' | 'unscored';
}

/** A rubric, loaded and checked; texts in both languages, defaults filled. */
export interface Rubric {
  id: string;
  title: LocalizedText;
  description?: LocalizedText;
  role?: LocalizedText;
  principles: LocalizedText[];
  scale: Scale;
  dimensions: Dimension[];
  overall: 'judge' | 'weighted-mean';
  referenceScore?: number;
  emptyOutput: 'minimum' | 'unscored';
  file: string;
  /** SHA-256 of the definition, hex. */
  hash: string;
}

export interface Scale {
  min: number;
  max: number;
  step: number;
  multiply: number;
  anchors: Anchor[];
}

export interface Anchor {
  /** As written: `7-8`, `0.5`. */
  range: string;
  text: LocalizedText;
}

export interface Dimension {
  id: string;
  title: LocalizedText;
  description: LocalizedText;
  weight: number;
  anchors: Anchor[];
  estimate?: Estimate;
}

/** What a judge said, on the rubric's own scale (before `multiply`). */
export interface Verdict {
  reason: string;
  /** By dimension id. */
  scores: Record<string, number>;
  overall: number;
}

/** How a verdict was read out of a reply; kept with every verdict. */
export type ParsePath = 'json' | 'repaired-json' | 'labels' | 'bare';

export type ParsedVerdict =
  | { ok: true; verdict: Verdict; path: ParsePath; flags: string[] }
  | { ok: false; reason: string; flags: string[] };
