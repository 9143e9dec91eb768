import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleValues } from '../../src/rubric/scale.js';
import type { Rubric } from '../../src/rubric/types.js';
import { parseVerdict } from '../../src/rubric/verdict.js';
import { type RubricName, rubrics } from '../scoring/judge/rubrics.js';

interface Given {
  rubric: Rubric;
  reason: string;
  scores: Record<string, number>;
  /** The judge's own overall score; absent where the rubric computes it. */
  overall?: number;
  /** What must come out. */
  expected: { scores: Record<string, number>; overall: number };
}

/** Any verdict that a judge may give by one of the rubrics. */
const given: fc.Arbitrary<Given> = fc
  .constantFrom<RubricName>('summary', 'pair', 'weighted', 'single', 'correction')
  .chain((name) => {
    const rubric: Rubric = rubrics[name];
    const value = fc.constantFrom(...scaleValues(rubric.scale));
    return fc.record({
      rubric: fc.constant(rubric),
      values: fc.tuple(...rubric.dimensions.map(() => value)),
      pick: value,
      reason: fc.constantFrom(
        '',
        '要点齐全，数字无误。',
        'Names are right; one sentence is long',
        '第3段漏了2个数字（8月）',
      ),
    });
  })
  .map(({ rubric, values, pick, reason }) => {
    const scores = Object.fromEntries(rubric.dimensions.map(({ id }, index) => [id, values[index]!]));
    if (rubric.overall === 'weighted-mean') {
      const total = rubric.dimensions.reduce((sum, { weight }) => sum + weight, 0);
      const overall = rubric.dimensions.reduce((sum, { weight }, index) => sum + weight * values[index]!, 0) / total;
      return { rubric, reason, scores, expected: { scores, overall } };
    }
    const overall = values.length === 0 ? pick : Math.min(Math.max(pick, Math.min(...values)), Math.max(...values));
    return { rubric, reason, scores, overall, expected: { scores, overall } };
  });

/** A way to write an object that is more or less JSON. */
interface Style {
  quotes: readonly [string, string];
  colon: string;
  comma: string;
  braces: readonly [string, string];
  number: (value: number) => string;
  trailingComma: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  quotes: fc.constantFrom<[string, string]>(
    ['"', '"'],
    ["'", "'"],
    ['“', '”'],
    ['‘', '’'],
    ['「', '」'],
    ['＂', '＂'],
    ['”', '“'],
  ),
  colon: fc.constantFrom(':', ': ', '：', ' : '),
  comma: fc.constantFrom(',', ', ', ',\n  ', '，', ' ，\n'),
  braces: fc.constantFrom<[string, string]>(['{', '}'], ['{ ', ' }'], ['{\n', '\n}'], ['｛', '｝']),
  number: fc.constantFrom<(value: number) => string>(
    String,
    (value) => `"${value}"`,
    (value) => `"${value}分"`,
    (value) => String(value).replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
  ),
  trailingComma: fc.boolean(),
});

type Entry = [key: string, value: string];

function write(entries: readonly Entry[], { quotes, colon, comma, braces, trailingComma }: Style): string {
  const members = entries.map(([key, value]) => `${quotes[0]}${key}${quotes[1]}${colon}${value}`);
  return braces[0] + members.join(comma) + (trailingComma && members.length > 0 ? comma : '') + braces[1];
}

type ObjectShape = (verdict: Given, style: Style) => string;
const text = (value: string, { quotes }: Style): string => `${quotes[0]}${value}${quotes[1]}`;
const numbers = (verdict: Given, how: Style, name: (id: string) => string = (id) => id): Entry[] =>
  Object.entries(verdict.scores).map(([id, value]) => [name(id), how.number(value)]);
const overallOf = (verdict: Given, how: Style, key: string): Entry[] =>
  verdict.overall === undefined ? [] : [[key, how.number(verdict.overall)]];
const zhTitle =
  ({ rubric }: Given) =>
  (id: string): string =>
    rubric.dimensions.find((dimension) => dimension.id === id)!.title.zh;

const objectShapes: Record<string, ObjectShape> = {
  nested: (verdict, how) =>
    write(
      [
        ['reason', text(verdict.reason, how)],
        ['scores', write(numbers(verdict, how), how)],
        ...overallOf(verdict, how, 'overall'),
      ],
      how,
    ),
  reasonLast: (verdict, how) =>
    write([...overallOf(verdict, how, 'score'), ...numbers(verdict, how), ['reason', text(verdict.reason, how)]], how),
  chineseFlat: (verdict, how) =>
    write(
      [
        ['理由', text(verdict.reason, how)],
        ...numbers(verdict, how, zhTitle(verdict)),
        ...overallOf(verdict, how, '综合得分'),
      ],
      how,
    ),
  dimensionObjects: (verdict, how) =>
    write(
      [
        ['reason', text(verdict.reason, how)],
        ...numbers(verdict, how).map(([id, value]): Entry => [id, write([['score', value]], how)]),
        ...overallOf(verdict, how, 'overall_score'),
      ],
      how,
    ),
  rows: (verdict, how) => {
    const rows = numbers(verdict, how).map(([id, value]) =>
      write(
        [
          ['dimension', text(id, how)],
          ['score', value],
        ],
        how,
      ),
    );
    return write(
      [
        ['reason', text(verdict.reason, how)],
        ['dimensions', `[${rows.join(', ')}]`],
        ...overallOf(verdict, how, '总分'),
      ],
      how,
    );
  },
};

type LabelShape = (verdict: Given) => string;
const lines = (
  verdict: Given,
  line: (title: string, value: number) => string,
  overall: string,
  zh: boolean,
): string => {
  const titles = Object.entries(verdict.scores).map(([id, value]): [string, number] => [
    zh ? zhTitle(verdict)(id) : verdict.rubric.dimensions.find((dimension) => dimension.id === id)!.title.en,
    value,
  ]);
  const all = verdict.overall === undefined ? titles : [...titles, [overall, verdict.overall] as [string, number]];
  return all.map(([title, value]) => line(title, value)).join('\n');
};
const labelShapes: Record<string, LabelShape> = {
  chinese: (verdict) => lines(verdict, (title, value) => `${title}：${value}分`, '综合得分', true),
  chineseBold: (verdict) => lines(verdict, (title, value) => `- **${title}**：${value} 分，理由略`, '总分', true),
  chineseFullWidth: (verdict) =>
    lines(
      verdict,
      (title, value) =>
        `${title}：${[...String(value)].map((char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).join('')}`,
      '综合评分',
      true,
    ),
  chineseParenthesis: (verdict) =>
    lines(verdict, (title, value) => `${title}：说得过去（${value}分）`, '综合得分', true).replace(
      /综合得分：说得过去（(.*)分）/,
      '综合得分：$1',
    ),
  english: (verdict) => lines(verdict, (title, value) => `${title}: ${value}`, 'Overall', false),
  englishOutOf: (verdict) =>
    lines(verdict, (title, value) => `**${title}**: ${value}/${verdict.rubric.scale.max}`, 'Overall Score', false),
  brackets: (verdict) => lines(verdict, (title, value) => `${title}: [[${value}]]`, 'Overall', false),
  table: (verdict) =>
    `| Dimension | Score |\n|---|---|\n${lines(verdict, (title, value) => `| ${title} | ${value} |`, 'Overall', false)}`,
  headings: (verdict) =>
    lines(verdict, (title, value) => `### ${title}\n写得一般，有几处可改。\n得分：${value}`, '综合得分', true),
};

/** Text of a judge that gives no score. */
const prose = fc.constantFrom(
  '',
  '好的，下面是我的评价。',
  '摘要覆盖了主要内容，但把8月3日写成了8月5日，遗漏2处细节。',
  'The answer names 3 of the 5 points. See section 2.1 and the table of 2024-10-08.',
  '1. The date is wrong.\n2. The place is right.',
  '综合来看，这份答案与参考答案相近。',
  '分值只能取1到10，7-8分表示良好。',
  'It prints {name} and [link] verbatim; category C, grade B.',
);
const fences = fc.constantFrom<(text: string) => string>(
  (body) => body,
  (body) => `\`\`\`json\n${body}\n\`\`\``,
  (body) => `\`\`\`\n${body}\n\`\`\``,
);

const objectReply = fc
  .record({
    verdict: given,
    how: style,
    shape: fc.constantFrom(...Object.keys(objectShapes)),
    fence: fences,
    before: prose,
    after: prose,
  })
  .map(({ verdict, how, shape, fence, before, after }) => ({
    verdict,
    reply: [before, fence(objectShapes[shape]!(verdict, how)), after].filter((part) => part !== '').join('\n\n'),
  }));
const labelReply = fc
  .record({ verdict: given, shape: fc.constantFrom(...Object.keys(labelShapes)), before: prose, after: prose })
  .map(({ verdict, shape, before, after }) => ({
    verdict,
    reply: [before, labelShapes[shape]!(verdict), after].filter((part) => part !== '').join('\n\n'),
  }));
const anyReply = fc.oneof(objectReply, labelReply);

function parsedOf(reply: string, rubric: Rubric, cut = false) {
  const parsed = parseVerdict(reply, rubric, { cut });
  return parsed.ok ? { scores: parsed.verdict.scores, overall: parsed.verdict.overall } : undefined;
}

describe('a valid verdict', () => {
  it('comes out as it went in, as an object of any style, with anything around it', () => {
    fc.assert(
      fc.property(objectReply, ({ verdict, reply }) => {
        expect(parseVerdict(reply, verdict.rubric)).toMatchObject({ ok: true, verdict: verdict.expected });
        const parsed = parseVerdict(reply, verdict.rubric);
        if (parsed.ok && verdict.reason !== '') expect(parsed.verdict.reason).toBe(verdict.reason);
      }),
      { numRuns: 3000 },
    );
  });

  it('comes out as it went in, as labelled lines of any style', () => {
    fc.assert(
      fc.property(labelReply, ({ verdict, reply }) => {
        expect(parseVerdict(reply, verdict.rubric)).toMatchObject({ ok: true, verdict: verdict.expected });
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps any reason that JSON can carry', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (reason) => {
        const reply = JSON.stringify({ reason, scores: { accuracy: 8, clarity: 7 }, overall: 8 });
        const parsed = parseVerdict(reply, rubrics.pair);
        expect(parsed).toMatchObject({ ok: true, path: 'json', verdict: { overall: 8 } });
        if (parsed.ok) expect(parsed.verdict.reason).toBe(reason.trim());
      }),
    );
  });

  it('never becomes another one when the reply is cut off', () => {
    fc.assert(
      fc.property(anyReply, fc.double({ min: 0, max: 1, noNaN: true }), ({ verdict, reply }, where) => {
        const cut = parsedOf(reply.slice(0, Math.floor(where * reply.length)), verdict.rubric, true);
        if (cut !== undefined) expect(cut).toEqual(verdict.expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('is refused when the reply also states another overall score', () => {
    fc.assert(
      fc.property(anyReply, fc.integer({ min: 1, max: 10 }), fc.boolean(), ({ verdict, reply }, other, first) => {
        fc.pre(verdict.overall !== undefined && verdict.overall !== other);
        const line = `综合得分：${other}分`;
        expect(parsedOf(first ? `${line}\n${reply}` : `${reply}\n${line}`, verdict.rubric)).toBeUndefined();
      }),
    );
  });

  it('is refused when one score is off the scale', () => {
    fc.assert(
      fc.property(objectReply, fc.constantFrom(-1, 0.25, 11, 99), ({ verdict, reply }, wrong) => {
        const [id] = Object.keys(verdict.scores);
        fc.pre(id !== undefined);
        const broken = JSON.stringify({ scores: { ...verdict.scores, [id!]: wrong }, overall: verdict.overall });
        expect(parsedOf(broken, verdict.rubric)).toBeUndefined();
        expect(parsedOf(`${reply}\n${broken}`, verdict.rubric)).toBeUndefined();
      }),
    );
  });

  it('is the last one where a reply holds two', () => {
    fc.assert(
      fc.property(given, given, ({ rubric, scores, overall }, last) => {
        const two = [
          { scores, overall },
          { scores: last.scores, overall: last.overall },
        ];
        fc.pre(rubric === last.rubric && overall !== undefined);
        const parsed = parseVerdict(two.map((verdict) => JSON.stringify(verdict)).join('\n'), last.rubric);
        expect(parsed).toMatchObject({ ok: true, verdict: last.expected });
        expect(parsed.flags).toContain('several-verdicts');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a reply without a verdict', () => {
  /** Pieces that look like scores and are none. */
  const piece = fc.oneof(
    prose,
    fc.constantFrom(
      '综合得分（1-10分）：打分',
      'Overall: <score>',
      '7-8',
      '9-10分：优秀',
      '2024-10-08',
      '第8条',
      '80%',
      '3:30',
      'v8.1.2',
      '★★★★☆',
      'B+',
      '{}',
      '{"event": "会议", "count": 8}',
      '{"scores": {}}',
      '总分必须是1到2分',
      '总分得7到8分',
      '十分好',
      '一、二、三',
      '{"overall": "good"}',
      '综合得分：优',
      'Rating: A',
      '{"overall": 0e77}',
      '参考答案可以得到8分',
      '10 points were covered',
      'score',
      '得分',
      '：',
      '```json',
      '"',
      '“',
      '{',
      '}',
      '\n',
      '- ',
    ),
    fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((noise) => !/\p{N}|[一二两三四五六七八九十百]/u.test(noise.normalize('NFKC'))),
  );

  it('is never read as one', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom<RubricName>('summary', 'pair', 'weighted', 'single'),
        (pieces, name) => {
          expect(parsedOf(pieces.join('\n'), rubrics[name])).toBeUndefined();
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('is never read as one with dimensions, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (noise) => {
        expect(parsedOf(noise, rubrics.pair)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a mutilated reply', () => {
  it('never throws, and what is read is on the scale', () => {
    const mutilated = fc.tuple(
      anyReply,
      fc.array(fc.tuple(fc.nat(400), fc.nat(6), fc.string({ maxLength: 3 })), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(mutilated, ([{ verdict, reply }, edits]) => {
        const text = edits.reduce((all, [at, drop, put]) => all.slice(0, at) + put + all.slice(at + drop), reply);
        const parsed = parseVerdict(text, verdict.rubric);
        if (!parsed.ok) {
          expect(parsed.reason).not.toBe('');
          return;
        }
        const allowed = scaleValues(verdict.rubric.scale);
        for (const value of Object.values(parsed.verdict.scores)) expect(allowed).toContain(value);
        if (verdict.rubric.overall === 'judge') expect(allowed).toContain(parsed.verdict.overall);
      }),
      { numRuns: 3000 },
    );
  });
});
