import type { Path, PluginSource } from '../definition/source.js';
import type { PluginIssue } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { Scorer, ScorerEntry } from '../scoring/types.js';
import type { ScorerUse } from './types.js';

/** A scorer as a task names it, and where in the definition its options stand. */
export interface PlacedScorerUse extends ScorerUse {
  optionsPath: Path;
}

/** Whether an entry from code is the scorer itself. */
export function isScorer(entry: ScorerEntry): entry is Scorer {
  return typeof entry === 'object' && typeof (entry as Partial<Scorer>).score === 'function';
}

/** Brings all four ways to name a scorer into one form. The entries have passed the task's schema. */
export function toScorerUses(entries: readonly ScorerEntry[]): PlacedScorerUse[] {
  return entries.map((entry, index): PlacedScorerUse => {
    const path: Path = ['scorers', index];
    if (typeof entry === 'string') return { name: entry, scorer: entry, options: {}, optionsPath: path };
    if (isScorer(entry)) return { name: entry.id, scorer: entry, options: {}, optionsPath: path };
    if (typeof entry['scorer'] === 'string') {
      const { scorer, name = scorer, options } = entry as { scorer: string; name?: string; options?: JsonObject };
      return { name, scorer, options: options ?? {}, optionsPath: options ? [...path, 'options'] : path };
    }
    const [id, options] = Object.entries(entry as Record<string, JsonObject>)[0]!;
    return { name: id, scorer: id, options, optionsPath: [...path, id] };
  });
}

/** Names must be unique: they name scores in records and reports. */
export function checkNames(uses: readonly PlacedScorerUse[], source: PluginSource): PluginIssue[] {
  return uses.flatMap(({ name }, index): PluginIssue[] => {
    if (uses.findIndex((other) => other.name === name) === index) return [];
    return [
      {
        message: `a second scorer is named "${name}"`,
        hint: `Name one of them: { scorer: ${scorerId(uses[index]!)}, name: ${name}-2, options: {…} }.`,
        location: source.locate(['scorers', index], 'key'),
      },
    ];
  });
}

export function scorerId({ scorer }: ScorerUse): string {
  return typeof scorer === 'string' ? scorer : scorer.id;
}
