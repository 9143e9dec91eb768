import { PluginError, type PluginIssue } from '../errors.js';
import { inOrder } from './explain.js';

/** Throws PluginError when there are findings; `what` names the file, e.g. `the task`. */
export function refuse(what: string, issues: readonly PluginIssue[]): void {
  if (issues.length === 0) return;
  throw new PluginError(
    `${what} has ${issues.length === 1 ? 'a mistake' : `${issues.length} mistakes`}`,
    inOrder(issues),
  );
}
