import type { Rubric } from '../types.js';
import { foldKey, isDecoration } from './fold.js';

/** What a score is for: a dimension, by its place in the rubric, or the whole. */
export type Target = number | 'overall';

export interface Term {
  target: Target;
  /** Says only that a score follows (`score`, `得分`); what for depends on where it stands. */
  weak: boolean;
}

/** The names under which a reply may give the scores of one rubric, folded. */
export interface Vocabulary {
  rubric: Rubric;
  terms: ReadonlyMap<string, Term>;
  /** All beginnings of all terms. */
  prefixes: ReadonlySet<string>;
}

const OVERALL = [
  ...['overall', 'overall score', 'overall rating', 'overall quality', 'overall grade', 'overall assessment'],
  ...['total', 'total score', 'final', 'final score', 'final rating', 'final verdict', 'final grade'],
  ...[
    '综合得分',
    '综合评分',
    '综合分数',
    '综合打分',
    '综合分',
    '综合评价',
    '综合',
    '总分',
    '总得分',
    '总评分',
    '总评',
    '总体',
  ],
  ...['总体得分', '总体评分', '总体分数', '总体评价', '整体得分', '整体评分', '整体分数', '整体评价', '整体'],
  ...['最终得分', '最终评分', '最终分数', '最终打分'],
];
const WEAK = ['score', 'rating', 'grade', 'points', '得分', '评分', '分数', '打分', '分值'];
const SUFFIXES = ['', ...WEAK];

const known = new WeakMap<Rubric, Vocabulary>();

export function vocabularyOf(rubric: Rubric): Vocabulary {
  let vocabulary = known.get(rubric);
  if (!vocabulary) {
    vocabulary = build(rubric);
    known.set(rubric, vocabulary);
  }
  return vocabulary;
}

function build(rubric: Rubric): Vocabulary {
  const terms = new Map<string, Term>();
  for (const name of WEAK) terms.set(name, { target: 'overall', weak: true });
  for (const name of OVERALL) terms.set(foldKey(name), { target: 'overall', weak: false });
  // A dimension's own names win over the general ones, its id over another's title; a title of two dimensions names none.
  const titles = new Map<string, number | undefined>();
  const ids = new Map<string, number>();
  rubric.dimensions.forEach((dimension, index) => {
    for (const title of [dimension.title.en, dimension.title.zh].map(foldKey)) {
      if (title === '') continue;
      for (const suffix of SUFFIXES) {
        const name = title + suffix;
        titles.set(name, titles.has(name) && titles.get(name) !== index ? undefined : index);
      }
    }
    for (const suffix of SUFFIXES) ids.set(foldKey(dimension.id) + suffix, index);
  });
  for (const [name, target] of [...titles, ...ids]) {
    if (target === undefined) terms.delete(name);
    else terms.set(name, { target, weak: false });
  }
  const prefixes = new Set<string>();
  for (const name of terms.keys()) {
    for (let end = 1; end <= name.length; end++) prefixes.add(name.slice(0, end));
  }
  return { rubric, terms, prefixes };
}

/** What a whole key or table cell names: `一致性`, `Faithfulness (1-10)`, `准确性 (Accuracy)`. */
export function lookUp(vocabulary: Vocabulary, key: string): Term | undefined {
  if (key.length > 200) return undefined;
  const folded = foldKey(key)
    .replace(/^\d{1,2}[.)、:]/, '')
    .replace(/:$/, '');
  const exact = vocabulary.terms.get(folded);
  if (exact) return exact;
  const parts = /^([^()]+)\(([^()]*)\)$/.exec(folded);
  return parts ? (vocabulary.terms.get(parts[1]!) ?? vocabulary.terms.get(parts[2]!)) : undefined;
}

/** The longest term that `text` (folded) begins with, and what stands behind it. */
export function leadingTerm(vocabulary: Vocabulary, text: string): { term: Term; rest: string } | undefined {
  let name = '';
  let best: { term: Term; end: number } | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (isDecoration(char)) continue;
    name += char;
    if (!vocabulary.prefixes.has(name)) break;
    const term = vocabulary.terms.get(name);
    // `scored` is not `score`.
    if (term && !/[a-z][a-z]/.test(text.slice(at, at + 2))) best = { term, end: at + 1 };
  }
  return best && { term: best.term, rest: text.slice(best.end) };
}

/** A target's name for a message. */
export function targetName(rubric: Rubric, target: Target): string {
  return target === 'overall' ? 'overall' : rubric.dimensions[target]!.id;
}
