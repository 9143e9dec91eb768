/** judgekit's library: everything the command `judge` does, awaitable, abortable, observable, silent. */

export { type Evaluation, evaluate } from './api/evaluate.js';
export type { EvaluateOptions, PluginSources, RuntimeInput, Selection } from './api/options.js';
export { type ScoreOptions, score } from './api/score.js';
export type { ProgressEvent } from './engine/events.js';
export * from './errors.js';
export type { Json, JsonObject, JsonSchema } from './json.js';
export { defineRubric } from './rubric/define.js';
export type {
  DimensionDefinition,
  Estimate,
  EstimateSignal,
  Rubric,
  RubricDefinition,
  ScaleDefinition,
  Verdict,
} from './rubric/types.js';
export type * from './run/types.js';
export * from './runtime/public.js';
export { defineScorer } from './scoring/define.js';
export type { Score, Scored, Scorer, ScorerEntry, ScoringContext, ScoringInput, Unscored } from './scoring/types.js';
export { defineTask } from './task/define.js';
export type { GenerationSettings, LocalizedText, Sample, SampleRow, TaskDefinition } from './task/types.js';
