import { extname } from 'node:path';
import { UsageError } from '../errors.js';
import { csv } from './csv.js';
import { json } from './json.js';
import { jsonl } from './jsonl.js';
import { junit } from './junit.js';
import { markdown } from './markdown.js';
import type { ReportFormat, ReportInput } from './types.js';
import { writeWhole } from './write.js';

/** By extension; a further format is a further row. */
export const reportFormats: Readonly<Record<string, ReportFormat>> = {
  '.json': json,
  '.jsonl': jsonl,
  '.csv': csv,
  '.md': markdown,
  '.xml': junit,
};

/** The format that `file`'s extension names. Throws UsageError naming those there are. */
export function reportFormatFor(file: string): ReportFormat {
  const extension = extname(file).toLowerCase();
  if (Object.hasOwn(reportFormats, extension)) return reportFormats[extension]!;
  const known = Object.entries(reportFormats).map(([name, { description }]) => `${name} (${description})`);
  throw new UsageError(
    extension === ''
      ? `the report ${file} has no extension to tell its format`
      : `there is no report format ${extension}`,
    { location: { file }, hint: `End the name in ${known.join(', ')}.` },
  );
}

/** Writes a report; the file is whole or absent. Throws UsageError for an unknown extension, RunError for the disk's. */
export async function writeReport(file: string, input: ReportInput): Promise<void> {
  await writeWhole(file, reportFormatFor(file).write(input));
}
