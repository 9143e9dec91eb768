import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import type { JsonObject } from '../../src/json.js';
import { packageRoot } from '../../src/package.js';
import { loadRubric } from '../../src/rubric/load.js';
import { createScoringPool, type ScoringGroup } from '../../src/scoring/pool.js';
import type { ScoringInput } from '../../src/scoring/types.js';

/** Threads need the built files. */
const built: typeof import('../../src/scoring/pool.js') = await import(
  new URL('../../dist/src/scoring/pool.js', import.meta.url).href
);

const inputs = Array.from(
  { length: 300 },
  (_, index): ScoringInput => ({
    task: 't',
    sample: {
      id: String(index),
      variables: { text: `今天下午三点在会议室开会，编号 ${index}。` },
      targets: index % 7 === 0 ? [] : [`三点开会，编号 ${index}。`],
    },
    epoch: 1,
    output: index % 5 === 0 ? '' : `下午三点开会 ${index % 3}`,
  }),
);

async function group(): Promise<ScoringGroup> {
  const rubric = await loadRubric(join(packageRoot(), 'rubrics', 'summarization.yaml'));
  return {
    language: 'zh',
    uses: [
      { name: 'exact', scorer: 'exact-match', options: { ignorePunctuation: true } },
      { name: 'rouge', scorer: 'rouge', options: { tokenizer: 'jieba' } },
      { name: 'judge', scorer: 'baseline', options: { rubric: rubric as unknown as JsonObject } },
    ],
  };
}

describe('scoring pool', () => {
  it('gives the same scores in threads as without, each to its own input', async () => {
    const shared = await group();
    const inline = createScoringPool(0);
    const threads = built.createScoringPool(2);
    threads.warm([shared]);
    inline.warm([shared]);
    const one = await Promise.all(inputs.map((input) => inline.score(shared, input)));
    const two = await Promise.all(inputs.map((input) => threads.score(shared, input)));
    await Promise.all([inline.close(), threads.close()]);
    expect(two).toEqual(one);
    expect(one.filter(({ exact }) => exact!.value === null)).toHaveLength(
      inputs.filter(({ sample }) => sample.targets.length === 0).length,
    );
    expect(new Set(one.map(({ judge }) => judge!.value)).size).toBeGreaterThan(1);
  });

  it('keeps batches of different tasks apart', async () => {
    const pool = createScoringPool(0);
    const strict = { language: 'zh', uses: [{ name: 'm', scorer: 'exact-match', options: {} }] };
    const loose = { language: 'zh', uses: [{ name: 'm', scorer: 'exact-match', options: { ignoreCase: true } }] };
    const input = { ...inputs[0]!, output: 'A', sample: { ...inputs[0]!.sample, targets: ['a'] } };
    const [first, second] = await Promise.all([pool.score(strict, input), pool.score(loose, input)]);
    expect([first.m!.value, second.m!.value]).toEqual([0, 1]);
    await pool.close();
  });

  it.each([0, 1])('rejects what it cannot load, for every input of the batch (%i threads)', async (threads) => {
    const pool = built.createScoringPool(threads);
    const wrong = { language: 'zh', uses: [{ name: 'm', scorer: 'no-such-scorer', options: {} }] };
    pool.warm([wrong]);
    const all = await Promise.allSettled(inputs.slice(0, 3).map((input) => pool.score(wrong, input)));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await pool.close();
  });

  it('rejects from a thread with an error of ours', async () => {
    const pool = built.createScoringPool(1);
    const wrong = { language: 'zh', uses: [{ name: 'm', scorer: 'no-such-scorer', options: {} }] };
    const error = await pool.score(wrong, inputs[0]!).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toContain('scoring cannot go on');
    await pool.close();
  });
});
