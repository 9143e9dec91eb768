import type { PluginIssue } from '../errors.js';
import type { PluginSource } from './source.js';

/** Ids of tasks, rubrics, scorers, runtimes, dimensions and scores. */
export const ID = /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/;

/** Whether a value from code has the shape of a scorer. `what` names it in findings. */
export function checkScorer(value: unknown, source: PluginSource, what: string): PluginIssue[] {
  return checkShape(
    value,
    source,
    what,
    { score: 'function' },
    { description: 'string', options: 'object', load: 'function' },
  );
}

/** The same for a runtime. */
export function checkRuntime(value: unknown, source: PluginSource, what: string): PluginIssue[] {
  const required = { open: 'function', options: 'object', capabilities: 'object' } as const;
  return checkShape(value, source, what, required, { description: 'string', concurrency: 'number' });
}

type Kind = 'function' | 'object' | 'string' | 'number';

function checkShape(
  value: unknown,
  source: PluginSource,
  what: string,
  required: Record<string, Kind>,
  optional: Record<string, Kind>,
): PluginIssue[] {
  const location = source.locate([]);
  if (typeof value !== 'object' || value === null) return [{ message: `${what} must be an object`, location }];
  const given = value as Record<string, unknown>;
  const issues: PluginIssue[] = [];
  if (typeof given['id'] !== 'string' || !ID.test(given['id'])) {
    const hint = 'An id is made of lower-case letters, digits and hyphens, for example exact-match.';
    issues.push({ message: `${what}.id cannot be ${JSON.stringify(given['id'])}`, hint, location });
  }
  for (const [key, kind] of Object.entries({ ...required, ...optional })) {
    const field = given[key];
    if (field === undefined && key in optional) continue;
    if (typeof field === kind && field !== null) continue;
    const article = kind === 'object' ? 'an' : 'a';
    issues.push({
      message: `${what}.${key} must be ${article} ${kind}${field === undefined ? ', and is missing' : ''}`,
      location,
    });
  }
  return issues;
}
