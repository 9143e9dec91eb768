import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseVerdict } from '../../src/rubric/verdict.js';
import { type RubricName, rubrics } from '../scoring/judge/rubrics.js';

const FIXTURES = new URL('../fixtures/verdicts/', import.meta.url);

interface Row {
  id: string;
  rubric: RubricName;
  reply: string;
  expect: Expected;
}

type Expected = { flags?: string[] } & (
  | { ok: true; overall: number; scores: Record<string, number>; path?: string; verdictReason?: string }
  /** `reason` is a part of the reason. */
  | { ok: false; reason: string }
);

const files = readdirSync(FIXTURES).filter((name) => name.endsWith('.jsonl'));
const corpus = files.flatMap((name) =>
  readFileSync(new URL(name, FIXTURES), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row),
);

describe('the corpus of replies', () => {
  it('is large and names each reply once', () => {
    expect(corpus.length).toBeGreaterThan(120);
    expect(new Set(corpus.map(({ id }) => id)).size).toBe(corpus.length);
  });

  it.each(corpus.map((row) => [row.id, row] as const))('%s', (_, { rubric, reply, expect: expected }) => {
    const parsed = parseVerdict(reply, rubrics[rubric]);
    if (!expected.ok) {
      expect(parsed).toMatchObject({ ok: false, reason: expect.stringContaining(expected.reason) });
    } else {
      const { overall, scores, path, verdictReason } = expected;
      expect(parsed).toMatchObject({ ok: true, verdict: { overall, scores }, ...(path ? { path } : {}) });
      if (parsed.ok && verdictReason !== undefined) expect(parsed.verdict.reason).toBe(verdictReason);
    }
    if (expected.flags) expect(parsed.flags).toEqual(expected.flags);
  });
});
