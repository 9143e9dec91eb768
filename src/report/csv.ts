import type { SampleResult } from '../run/types.js';
import type { ReportFormat } from './types.js';

type Cell = string | number | undefined;

/**
 * A number is written as it is. Other text that a spreadsheet would take for a formula gets a `'` in front (OWASP, "CSV
 * Injection", which also names the full-width forms), since outputs come from models and may try.
 */
export function csvCell(cell: Cell): string {
  if (cell === undefined) return '';
  const text = String(cell);
  const numeric = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  const guarded = !numeric && /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function rowOf(result: SampleResult, metrics: readonly string[]): Cell[] {
  const { task, id, epoch, generation, scores } = result;
  const values = new Map<string, number>();
  const unscored: string[] = [];
  for (const [name, score] of Object.entries(scores)) {
    if (score.value === null) {
      unscored.push(`${name}: ${score.reason}`);
      continue;
    }
    values.set(name, score.value);
    for (const [metric, value] of Object.entries(score.metrics ?? {})) values.set(`${name}.${metric}`, value);
  }
  return [
    task,
    id,
    epoch,
    ...metrics.map((metric) => values.get(metric)),
    unscored.join('; '),
    generation.ok ? undefined : `${generation.error.kind}: ${generation.error.message}`,
    generation.ok ? generation.usage?.promptTokens : undefined,
    generation.ok ? generation.usage?.completionTokens : undefined,
    generation.ok ? generation.timings.totalMs : undefined,
    generation.ok ? generation.text : undefined,
  ];
}

export const csv: ReportFormat = {
  description: 'a row for each sample and a column for each metric, for spreadsheets; UTF-8 with a byte order mark',
  async *write({ summary, results }) {
    const metrics = [...new Set(summary.tasks.flatMap((task) => Object.keys(task.metrics)))];
    // Excel reads a file without a byte order mark in the local code page, which makes Chinese unreadable.
    yield '\uFEFF';
    yield csvRow([
      'task',
      'id',
      'epoch',
      ...metrics,
      'unscored',
      'error',
      'promptTokens',
      'completionTokens',
      'totalMs',
      'output',
    ]);
    for await (const result of results()) yield csvRow(rowOf(result, metrics));
  },
};
