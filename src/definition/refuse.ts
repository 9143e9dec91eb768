import { PluginError, type PluginIssue } from '../errors.js';
import { inOrder } from './explain.js';

/**
 * Throws PluginError when there are findings, in the order of the file; `as found` when they are of several files.
 * `what` names what was checked, e.g. `the task`.
 */
export function refuse(what: string, issues: readonly PluginIssue[], order?: 'as found'): void {
  if (issues.length === 0) return;
  const message = `${issues.length === 1 ? 'a mistake' : `${issues.length} mistakes`} in ${what}`;
  throw new PluginError(message, order ? issues : inOrder(issues));
}

/** The findings that an error carries, or it as one finding. Throws what is no error of a plugin's file. */
export function issuesOf(error: unknown): PluginIssue[] {
  if (!(error instanceof PluginError)) throw error;
  if (error.issues.length > 0) return [...error.issues];
  return [{ message: error.message, hint: error.hint, location: error.location ?? { file: '(code)' } }];
}
