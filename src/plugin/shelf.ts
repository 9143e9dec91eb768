import { type PluginIssue, UsageError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { Item } from './item.js';

/** All plugins of one kind, by id. */
export class Shelf<I extends Item<unknown>> {
  readonly #kind: string;
  readonly #items = new Map<string, I>();

  constructor(kind: string) {
    this.#kind = kind;
  }

  /** The finding when the id is taken already. */
  add(item: I): PluginIssue[] {
    const other = this.#items.get(item.id);
    if (other) {
      return [
        {
          message: `${this.#kind} "${item.id}" is here a second time; the first is ${placeOf(other)}`,
          hint: 'Give one of them another id.',
          location: { file: item.file ?? '(code)' },
        },
      ];
    }
    this.#items.set(item.id, item);
    return [];
  }

  has(id: string): boolean {
    return this.#items.has(id);
  }

  /** Throws UsageError naming the nearest id. */
  get(id: string): I {
    const item = this.#items.get(id);
    if (item) return item;
    const near = nearest(id, this.ids());
    throw new UsageError(`there is no ${this.#kind} "${id}"`, {
      hint: near ? `Did you mean "${near}"? \`judge list\` shows all.` : '`judge list` shows what there is.',
    });
  }

  ids(): string[] {
    return [...this.#items.keys()];
  }

  items(): I[] {
    return [...this.#items.values()];
  }
}

function placeOf({ from, file }: Item<unknown>): string {
  return file === undefined ? from : `${file} (${from})`;
}
