/** What a runtime plugin may import: `judgekit/runtime`. */

export { DatasetError, errorMessage, RuntimeError, type RuntimeErrorInit, type RuntimeErrorKind } from '../errors.js';
export { type Line, type ReadLinesOptions, readLines } from '../io/jsonl.js';
export { KeyTable } from '../io/key-table.js';
export type { Json, JsonObject, JsonSchema } from '../json.js';
export { onAbort } from './abort.js';
export { defineRuntime } from './define.js';
export { field } from './field.js';
export {
  conceal,
  finishReasonOf,
  type HeaderSource,
  type HttpFailure,
  httpError,
  networkError,
  parseRetryAfter,
  serverMessage,
  shorten,
} from './http.js';
export { withTimeLimit } from './time-limit.js';
export type {
  ChatMessage,
  Executor,
  GenerateRequest,
  Generation,
  ModelInfo,
  Runtime,
  RuntimeCapabilities,
  Timings,
} from './types.js';
