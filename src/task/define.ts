import type { TaskDefinition } from './types.js';

/** Declares a task in code; gives it its type and nothing else. */
export function defineTask(task: TaskDefinition): TaskDefinition {
  return task;
}
