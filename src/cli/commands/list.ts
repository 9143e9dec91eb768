import { openRegistry } from '../../api/prepare.js';
import { UsageError } from '../../errors.js';
import { suggest } from '../../nearest.js';
import { loadConfig } from '../../plugin/config.js';
import type { PluginEntry, Registry } from '../../plugin/registry.js';
import type { ExitCode, Io } from '../io.js';
import { table } from '../table.js';

export interface CatalogFlags {
  plugin?: string[];
  config?: string;
  json?: boolean;
}

const KINDS = ['task', 'rubric', 'scorer', 'runtime'] as const;

export async function list(kind: string | undefined, flags: CatalogFlags, io: Io): Promise<ExitCode> {
  const kinds = KINDS.filter((name) => kind === undefined || kind === name || kind === `${name}s`);
  if (kinds.length === 0) {
    throw new UsageError(`there is no kind "${kind}"`, {
      hint: suggest(
        kind!,
        KINDS.map((name) => `${name}s`),
        'Kinds are',
      ),
    });
  }
  const entries = (await (await catalog(flags, io)).list()).filter((entry) => kinds.includes(entry.kind));
  if (flags.json) io.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
  else io.stdout.write(`${kinds.map((name) => section(name, entries)).join('\n\n')}\n`);
  return 0;
}

/** The plugins that `judge run` would find here. */
export async function catalog(flags: CatalogFlags, io: Io): Promise<Registry> {
  const config = await loadConfig(io.cwd, flags.config);
  const plugins = [...(config.plugins ?? []), ...(flags.plugin ?? [])];
  return openRegistry({ cwd: io.cwd, plugins, define: config.define });
}

function section(kind: PluginEntry['kind'], entries: readonly PluginEntry[]): string {
  const own = entries.filter((entry) => entry.kind === kind);
  if (own.length === 0) return `No ${kind}s.`;
  const isTask = kind === 'task';
  const header = isTask ? ['tasks', '', 'category', 'rubric', 'from'] : [`${kind}s`, '', 'from'];
  const rows = own.map((entry) => {
    const about = entry.problem ? `cannot be used: ${entry.problem}` : titleOf(entry);
    return isTask
      ? [entry.id, about, entry.category ?? '', entry.rubric ?? '', entry.from]
      : [entry.id, about, entry.from];
  });
  return table(header, rows);
}

function titleOf({ title, description }: PluginEntry): string {
  const text = title ?? description;
  if (!text) return '';
  return text.en === text.zh ? text.en : `${text.zh}  ${text.en}`;
}
