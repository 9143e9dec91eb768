import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package.js';
import { defineRubric } from '../../src/rubric/define.js';
import { loadRubric } from '../../src/rubric/load.js';
import { project, said } from '../plugin/project.js';

const MINIMAL = defineRubric({ id: 'minimal', scale: { min: 0, max: 10 }, dimensions: [], overall: 'judge' });

describe('loadRubric', () => {
  it('fills in every default', async () => {
    expect(await loadRubric(MINIMAL)).toEqual({
      id: 'minimal',
      title: { en: 'minimal', zh: 'minimal' },
      principles: [],
      scale: { min: 0, max: 10, step: 1, multiply: 1, anchors: [] },
      dimensions: [],
      overall: 'judge',
      emptyOutput: 'minimum',
      file: '(code)',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('reads everything that a file says', async () => {
    const cwd = project({
      'r.yaml': `
id: correction
title: 纠错
description: { en: Corrections, zh: 纠错 }
role: { en: You check., zh: 你负责检查。 }
principles: [一视同仁, { en: Be fair., zh: 公正。 }]
scale: { min: 0, max: 1, step: 0.5, multiply: 10, anchors: { 1: all, 0: none, 0.5: { en: some, zh: 部分 } } }
dimensions:
  - { id: accuracy, title: 准确性, description: Right?, weight: 2, estimate: { coverage: 3, format: 1 }, anchors: { "0-0.5": weak } }
  - { id: fluency, description: Reads well?, estimate: fluency }
overall: weighted-mean
referenceScore: 0.5
emptyOutput: unscored
`,
    });
    expect(await loadRubric(join(cwd, 'r.yaml'))).toMatchObject({
      title: { en: '纠错', zh: '纠错' },
      role: { en: 'You check.', zh: '你负责检查。' },
      principles: [
        { en: '一视同仁', zh: '一视同仁' },
        { en: 'Be fair.', zh: '公正。' },
      ],
      scale: {
        step: 0.5,
        multiply: 10,
        anchors: [
          { range: '0', text: { en: 'none', zh: 'none' } },
          { range: '0.5', text: { en: 'some', zh: '部分' } },
          { range: '1', text: { en: 'all', zh: 'all' } },
        ],
      },
      dimensions: [
        {
          id: 'accuracy',
          title: { zh: '准确性' },
          weight: 2,
          estimate: { coverage: 3, format: 1 },
          anchors: [{ range: '0-0.5' }],
        },
        { id: 'fluency', title: { en: 'fluency' }, weight: 1, estimate: 'fluency', anchors: [] },
      ],
      overall: 'weighted-mean',
      referenceScore: 0.5,
      emptyOutput: 'unscored',
      file: join(cwd, 'r.yaml'),
    });
  });

  it('puts anchors in the order of the scale, whatever the order of the keys', async () => {
    const anchors = { '9-10': 'a', '10': 'b', '1-2': 'c', '7~8': 'd', '5 – 6': 'e' };
    const { scale } = await loadRubric({ ...MINIMAL, scale: { min: 1, max: 10, anchors } });
    expect(scale.anchors.map(({ range }) => range)).toEqual(['1-2', '5 – 6', '7~8', '9-10', '10']);
  });

  it('takes scales below zero and steps that binary fractions cannot say', async () => {
    const scale = { min: -1, max: 1, step: 0.1, anchors: { '-1--0.5': 'bad', '-0.5': 'x', '0-1': 'good' } };
    expect((await loadRubric({ ...MINIMAL, scale })).scale.anchors.map(({ range }) => range)).toEqual([
      '-1--0.5',
      '-0.5',
      '0-1',
    ]);
    expect(await said(loadRubric({ ...MINIMAL, scale: { min: 0, max: 1, step: 0.15 } }))).toMatch(
      'scale.step 0.15 does not lead',
    );
  });

  it.each(['overall', 'reason', 'score', 'scores'])(
    'refuses a dimension called %s, which replies use otherwise',
    async (id) => {
      const dimensions = [{ id, description: 'x' }];
      expect(await said(loadRubric({ ...MINIMAL, dimensions }))).toMatch(`a dimension cannot be called "${id}"`);
    },
  );

  it('has a hash of what it says, not of how it is written', async () => {
    const cwd = project({
      'a.yaml': 'id: minimal\nscale: { min: 0, max: 10 }\ndimensions: []\noverall: judge\n',
      'b.yaml': '# the same\noverall: judge\ndimensions: []\nscale:\n  max: 10\n  min: 0\nid: "minimal"\n',
    });
    const [a, b, code] = await Promise.all([
      loadRubric(join(cwd, 'a.yaml')),
      loadRubric(join(cwd, 'b.yaml')),
      loadRubric(MINIMAL),
    ]);
    expect(a.hash).toBe(b.hash);
    expect(a.hash).toBe(code.hash);
    expect((await loadRubric({ ...MINIMAL, overall: 'judge', emptyOutput: 'unscored' })).hash).not.toBe(a.hash);
  });

  it("loads judgekit's own rubric", async () => {
    const rubric = await loadRubric(join(packageRoot(), 'rubrics/summarization.yaml'));
    expect(rubric.dimensions.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['faithfulness', 'completeness', 'conciseness']),
    );
  });
});
