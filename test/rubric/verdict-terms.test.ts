import { describe, expect, it } from 'vitest';
import { fenceKey } from '../../src/rubric/fence.js';
import { foldKey, foldText } from '../../src/rubric/reply/fold.js';
import { readLabels } from '../../src/rubric/reply/labels.js';
import { readScore } from '../../src/rubric/reply/value.js';
import { leadingTerm, lookUp, vocabularyOf } from '../../src/rubric/reply/vocabulary.js';
import type { Rubric, Scale } from '../../src/rubric/types.js';
import { parseVerdict } from '../../src/rubric/verdict.js';
import { rubrics } from '../scoring/judge/rubrics.js';

const TEN: Scale = rubrics.single.scale;
const HUNDRED: Scale = { ...TEN, min: 0, max: 100, step: 0.5 };

function read(text: string, scale = TEN): number | string | undefined {
  const score = readScore(foldText(text), scale);
  return score?.kind === 'refused' ? score.problem : score?.value;
}

describe('a score', () => {
  it.each([
    ['8', 8],
    ['８', 8],
    ['+8', 8],
    ['8.0', 8],
    ['8分', 8],
    ['8 分', 8],
    ['8 points', 8],
    ['8pts', 8],
    ['**8**', 8],
    ['[[8]]', 8],
    ['(8)', 8],
    ['“8”', 8],
    ['8/10', 8],
    ['8 / 10', 8],
    ['8分/10分', 8],
    ['8 out of 10', 8],
    ['8 of 10 points', 8],
    ['8/10分', 8],
    ['8 (out of 10)', 8],
    ['8分（满分10分）', 8],
    ['8分，满分为10', 8],
    ['8, because', 8],
    ['8: because', 8],
    ['8 - because', 8],
    ['8 — because', 8],
    ['8–because', 8],
    ['8. Good', 8],
    ['8！', 8],
    ['8…', 8],
    ['8分 理由', 8],
    ['8 | good', 8],
    ['八', 8],
    ['八分', 8],
    ['十', 10],
    ['十分', 10],
    ['两分', 2],
    ['八。', 8],
  ] as const)('is %s', (text, value) => {
    expect(read(text)).toBe(value);
  });

  it.each([
    ['八十五', 85],
    ['十五', 15],
    ['二十', 20],
    ['一百', 100],
    ['百', 100],
    ['零', 0],
    ['〇', 0],
    ['八点五', 8.5],
    ['八十五点五分', 85.5],
    ['99.5', 99.5],
    ['85/100', 85],
  ] as const)('on a longer scale is %s', (text, value) => {
    expect(read(text, HUNDRED)).toBe(value);
  });

  it.each([
    '',
    'eight',
    'B+',
    '7-8',
    '7–8',
    '7~8',
    '7到8',
    '7至8',
    '7 to 8',
    '7 or 8',
    '7、8',
    '7, 8',
    '7;8',
    '8%',
    '8 %',
    '8:30',
    '8.1.2',
    '08',
    '8e0',
    '1e1',
    '0x8',
    '8k',
    '2024-10-08',
    '8/10/2024',
    '8月',
    '8处',
    '8个',
    '8 errors',
    '8 of the points',
    '8分钟',
    '8分之一',
    '8分以上',
    '8分析',
    '8分-9分',
    '8分到9分',
    '8 points were missed',
    '8/10 的句子',
    '一处',
    '一、二',
    '十分准确',
    '一分为二',
    '八八',
    '点五',
    '十十',
    '八点',
    '百分之八',
    '约8',
    '1234567',
    'NaN',
    'Infinity',
    '8²',
    '½',
    '7½',
    '--8',
    '<score>',
  ])('is not %s', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([
    ['11', '11, which is not on the scale of 1 to 10'],
    ['0分', '0, which is not on the scale of 1 to 10'],
    ['-8', '-8, which is not on the scale of 1 to 10'],
    ['7.5', '7.5, which is not on the scale of 1 to 10'],
    ['8分/9', '8 out of 9, but the scale ends at 10'],
    ['4/5', '4 out of 5, but the scale ends at 10'],
    ['80 of 100', '80 out of 100, but the scale ends at 10'],
    ['4分（满分5分）', '4 out of 5, but the scale ends at 10'],
    ['4 (out of 5)', '4 out of 5, but the scale ends at 10'],
    ['八十五分', '八十五, which is not on the scale of 1 to 10'],
  ])('is refused, and why: %s', (text, problem) => {
    expect(read(text)).toBe(problem);
  });
});

describe('names', () => {
  const dimension = (id: string, en: string, zh: string) => ({ ...rubrics.pair.dimensions[0]!, id, title: { en, zh } });
  const rubric: Rubric = {
    ...rubrics.pair,
    dimensions: [
      dimension('tone', 'Style', '风格'),
      dimension('style', 'Manner', '风格'),
      dimension('rating', 'Total', '__'),
    ],
  };
  const vocabulary = vocabularyOf(rubric);

  it('are the same in any case, width and joint', () => {
    expect(
      new Set(
        [
          'Instruction_Following',
          'instruction following',
          '**INSTRUCTION-FOLLOWING**',
          'ｉｎｓｔｒｕｃｔｉｏｎ　ｆｏｌｌｏｗｉｎｇ',
        ].map(foldKey),
      ).size,
    ).toBe(1);
  });

  it('are an id before another dimension’s title, and nothing where two dimensions share a title', () => {
    expect(lookUp(vocabulary, 'style')).toMatchObject({ target: 1 });
    expect(lookUp(vocabulary, 'manner')).toMatchObject({ target: 1 });
    expect(lookUp(vocabulary, '风格')).toBeUndefined();
  });

  it('are a dimension’s before the general ones', () => {
    expect(lookUp(vocabulary, 'rating')).toEqual({ target: 2, weak: false });
    expect(lookUp(vocabulary, 'Total')).toEqual({ target: 2, weak: false });
    expect(lookUp(vocabulary, 'score')).toEqual({ target: 'overall', weak: true });
  });

  it('may carry a number, a colon, a suffix or a translation', () => {
    const pair = vocabularyOf(rubrics.pair);
    for (const key of ['2. 清晰性：', 'clarity score', '清晰性得分', 'Readability (Clarity)', 'clarity (1-10)']) {
      expect(lookUp(pair, key)).toMatchObject({ target: 1 });
    }
    for (const key of ['', 'clarity and tone', 'x'.repeat(300), '(clarity)x', 'constructor', '__proto__', 'toString']) {
      expect(lookUp(pair, key)).toBeUndefined();
    }
  });

  it('are the longest that a text begins with, and end where a word ends', () => {
    const pair = vocabularyOf(rubrics.pair);
    expect(leadingTerm(pair, 'overall score: 8')?.rest).toBe(': 8');
    expect(leadingTerm(pair, 'overalls: 8')).toBeUndefined();
    expect(leadingTerm(pair, 'scored 8')).toBeUndefined();
    expect(leadingTerm(pair, '准 确 性 8')).toMatchObject({ term: { target: 0 }, rest: ' 8' });
  });
});

describe('labelled lines', () => {
  const values = (text: string): (string | number | undefined)[][] =>
    readLabels(text, vocabularyOf(rubrics.pair)).map(({ target, value, kind }) => [target, value, kind]);

  it.each([
    '参考答案的综合得分为8分',
    '如果综合得分为8分',
    '例如综合得分：8',
    'the reference has an overall score of 8',
    '准确性（10分）：优',
    '准确性（不到8分）：差',
    '准确性（8）：好',
    `准确性${' '.repeat(500)}：8`,
    '8 | 9',
    '| 8 | 9 |',
    '准确性 | 好',
    '### 小结\n8',
  ])('that say nothing: %s', (text) => {
    expect(values(text)).toEqual([]);
  });

  it.each([
    ['准确性（8/10）：好', [[0, 8, 'label']]],
    ['准确性（10/10）：好', [[0, 10, 'label']]],
    ['得分：8', [['overall', 8, 'weak']]],
    [
      '### 准确性\n得分：8\n### 小结\n得分：7',
      [
        [0, 8, 'label'],
        ['overall', 7, 'weak'],
      ],
    ],
    ['### 准确性\n**理由**：都对\n得分：8', [[0, 8, 'label']]],
    ['### 准确性\n8分', [[0, 8, 'label']]],
    ['### 综合得分\n8', [['overall', 8, 'label']]],
    [
      '准确性：8 | 清晰性：7',
      [
        [0, 8, 'label'],
        [1, 7, 'label'],
      ],
    ],
    [
      '| 准确性 | 8 | 清晰性 | 7 |',
      [
        [0, 8, 'label'],
        [1, 7, 'label'],
      ],
    ],
    [
      '| | 准确性 | 清晰性 |\n|---|---|---|\n| 答案 | 8 | 7 |',
      [
        [0, 8, 'label'],
        [1, 7, 'label'],
      ],
    ],
    ['| 准确性 | 清晰性 |\n| 8 | 7 | 6 |', []],
    ['准确性：11', [[0, undefined, 'label']]],
  ] as const)('that say something: %s', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });
});

describe('parseVerdict', () => {
  it('refuses rubrics from which nothing can be computed', () => {
    const none: Rubric = { ...rubrics.single, overall: 'weighted-mean' };
    expect(parseVerdict('{"overall": 8}', none)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no dimension'),
    });
    const weightless: Rubric = {
      ...rubrics.weighted,
      dimensions: rubrics.weighted.dimensions.map((one) => ({ ...one, weight: 0 })),
    };
    expect(parseVerdict('{"accuracy": 8, "clarity": 7}', weightless)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('weights'),
    });
  });

  it('trims a reason taken from the text to 2,000 characters, and no surrogate pair in two', () => {
    const parsed = parseVerdict(`a${'😀'.repeat(3000)}\n{"accuracy": 8, "clarity": 7, "overall": 8}`, rubrics.pair);
    expect(parsed.ok && parsed.verdict.reason.length).toBe(1999);
    expect(parsed.ok && /\p{Cs}/u.test(parsed.verdict.reason)).toBe(false);
  });

  it.each([
    ['综合得分：1', undefined],
    ['综合得分：8/1', undefined],
    ['综合得分：8分', 8],
    ['{"overall": 8}', 8],
    ['8', undefined],
    ['１', undefined],
  ])('does not read a number that the token limit may have cut: %s', (reply, overall) => {
    const parsed = parseVerdict(reply, rubrics.single, { cut: true });
    expect(parsed.ok ? parsed.verdict.overall : undefined).toBe(overall);
  });
});

describe('fenceKey', () => {
  it('tries on until no field holds the key', () => {
    expect(fenceKey(['0123456789abcde'], 1)).toBe('f');
  });
});
