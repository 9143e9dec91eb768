import { displayWidth, pad } from '../report/width.js';

export type Align = 'left' | 'right';

/** Rows under a header, columns as wide as their widest cell in terminal cells, indented by two. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[] = [],
): string {
  const widths = header.map((name, column) =>
    Math.max(...[name, ...rows.map((row) => row[column] ?? '')].map(displayWidth)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => pad(cell, widths[column]!, align[column] ?? 'left')).join('  ')}`.trimEnd();
  return [header, ...rows].map(line).join('\n');
}
