import { readFileSync } from 'node:fs';

/** The rows of a file of test/reference/text. */
export function readReference<Row>(name: string): Row[] {
  const text = readFileSync(new URL(`../../reference/text/${name}`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}
