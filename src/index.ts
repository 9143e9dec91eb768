/** judgekit's library: everything the command `judge` does, awaitable, abortable, observable, silent. */

export { type Evaluation, evaluate } from './api/evaluate.js';
export type { EvaluateOptions, PluginSources, RuntimeInput, Selection } from './api/options.js';
export { type Plan, planRun, type TaskPlan } from './api/plan.js';
export { type ScoreOptions, score } from './api/score.js';
export type { ProgressEvent } from './engine/events.js';
export { checkGates, type GateOptions, type GateResult, parseThreshold, type Threshold } from './engine/gate.js';
export * from './errors.js';
export type { Json, JsonObject, JsonSchema } from './json.js';
export { defineConfig, type JudgeConfig } from './plugin/config.js';
export { definePlugin, type PluginDefinitions } from './plugin/define.js';
export { writeReport } from './report/formats.js';
export type { ReportInput } from './report/types.js';
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
export { defineRuntime } from './runtime/define.js';
export type {
  ChatMessage,
  Executor,
  GenerateRequest,
  Generation,
  ModelInfo,
  Runtime,
  RuntimeCapabilities,
  RuntimeSpec,
  Timings,
} from './runtime/types.js';
export { defineScorer } from './scoring/define.js';
export type { Score, Scored, Scorer, ScorerEntry, ScoringContext, ScoringInput, Unscored } from './scoring/types.js';
export { defineTask } from './task/define.js';
export type { GenerationSettings, LocalizedText, Sample, SampleRow, TaskDefinition } from './task/types.js';
