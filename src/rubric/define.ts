import type { RubricDefinition } from './types.js';

/** Declares a rubric in code; gives it its type and nothing else. */
export function defineRubric(rubric: RubricDefinition): RubricDefinition {
  return rubric;
}
