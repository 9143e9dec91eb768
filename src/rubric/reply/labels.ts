import { REASON_KEYS } from './fields.js';
import { foldKey, foldText } from './fold.js';
import { readScore, type ScoreText } from './value.js';
import { leadingTerm, lookUp, type Target, type Term, targetName, type Vocabulary } from './vocabulary.js';

/** A score that running text gives, as in `一致性：8分` or `| Faithfulness | 8 |`. */
export interface Statement {
  target: Target;
  /** Undefined where `problem` says why the number cannot be taken. */
  value?: number;
  problem?: string;
  /**
   * `label`: the target is named. `weak`: only `score`, `得分` or the like stands before it. `bare`: nothing does.
   */
  kind: 'label' | 'weak' | 'bare';
}

/** Before a label: list marks, quotes, brackets, numbers of lists. `8分` and `8/10` are not numbers of lists. */
const LIST_MARK =
  /^[\s#>*\-+•·▪◦●■◆★✓✔|_"'`“‘「『【[({<]*(?:(?:\(?\d{1,2}\)|\d{1,2}\s*[.)、:]|[一二三四五六七八九十]{1,3}\s*[、.)])(?!\s*\d))?(?:\d{1,2}(?=[\p{Script=Han}a-z])(?!分|points?|pts?))?[\s#>*\-+•·_"'`“‘「『【[({<]*(?:the\s|my\s)?/u;
/** Between a label and its score. */
const JOINT =
  /^[\s*_"'`”’」』】\]>]*(?:\(([^()]{0,80})\))?[\s*_"'`”’」』】\]>]*(?:得分|评分|分数|打分|score|rating)?[\s*_"'`]*(?::|=+>?|-+>|→|[–—]+|-(?!\d)|>|is\b|was\b|of\b|为|是|得到?|给出?|打|at\b)?[\s*_"'`]*/;
/** What makes a line with a label, but without a score, the heading of what follows. */
const HEADING_REST = /^[\s*_"'`”’」』】\]>]*(?:\([^()]{0,80}\))?[\s*_"'`”’」』】\]>]*(?:$|[:\-–—])/;
/** Splits a line where one statement may end and the next begin; not within numbers. */
const SEGMENTS = /,(?!\d)|[;。|\t！？!?]|\.(?=\s|$)|(?<=[\d分])、/;
/** The whole, named in the middle of a sentence. */
const IN_SENTENCE =
  /overall\s+(?:score|rating|grade)|final\s+(?:score|rating|grade)|total\s+score|综合(?:得分|评分|分数|打分)|总(?:分|评分|得分)|总体(?:得分|评分|分数)|最终(?:得分|评分|分数|打分)/g;
/** A sentence with these speaks of rules, examples or the reference, not of the answer. */
const HYPOTHETICAL =
  /参考|示例|例如|满分|如果|若|当|只有|才能|必须|应该|可以|范围|介于|reference|example|e\.g|\bif\b|\bwhen\b|\bonly\b|between|\bmust\b|range|\bmax/;
/** The score of a dimension that a line closes with: `… （8分）`, `… – 8/10`. */
const CLOSING_SCORE =
  /(?:[([]|\s[–—\-:=→]+|——)\s*(\d{1,3}(?:\.\d{1,2})?\s*(?:分|\/\s*\d{1,4}(?:\s*分)?))\s*[)\]]?[\s.。*_]*$/;
const SCORE_MARK = /\[\[\s*([^[\]]{1,12}?)\s*\]\]|\\boxed\s*\{\s*([^{}]{1,12}?)\s*\}/g;
const WHOLE =
  /^[ \t*_"'`[({<]*(?:[+-]?\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百点]+)[ \t]*(?:分|points?)?[ \t]*(?:(?:\/|out of)[ \t]*\d+(?:\.\d+)?[ \t]*分?)?[ \t*_"'`\])}>]*[.。]?[ \t*_]*$/;
/** How far a label reaches, in UTF-16 units. */
const NEAR = 100;
const UNKNOWN_HEADING = /^\s*(?:#|\*\*|【)/;

/** All scores that a text gives outside of objects, in order. */
export function readLabels(text: string, vocabulary: Vocabulary): Statement[] {
  const reader = new LabelReader(vocabulary);
  for (const line of foldText(text).split(/[\r\n]+/)) if (line.trim() !== '') reader.line(line);
  return reader.statements;
}

/**
 * Scores without any label: a reply that is nothing else, a line like `8/10` or `8分`, `[[8]]`. Only meant where the
 * rubric wants a single score.
 */
export function readBare(text: string, vocabulary: Vocabulary): Statement[] {
  const folded = foldText(text).trim();
  const { scale } = vocabulary.rubric;
  const whole = wholeScore(folded, vocabulary);
  if (whole) return toStatements('overall', whole, 'bare', vocabulary);
  const marks = [...folded.matchAll(SCORE_MARK)].map((match) => readScore((match[1] ?? match[2])!, scale));
  const lines = folded.split(/[\r\n]+/).map((line) => wholeScore(line, vocabulary));
  const withUnit = lines.filter((score) => score?.kind === 'value' && score.unit);
  return [...marks, ...withUnit].flatMap((score) => toStatements('overall', score, 'bare', vocabulary));
}

class LabelReader {
  readonly statements: Statement[] = [];
  private readonly vocabulary: Vocabulary;
  /** What the heading above is about, until it has its score. */
  private heading: Target | undefined;
  /** The columns of the table above. */
  private columns: (Target | undefined)[] | undefined;

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary;
  }

  line(line: string): void {
    // Without a letter there is no label; such lines matter below a heading only.
    if (this.heading === undefined && this.columns === undefined && !/\p{L}/u.test(line)) return;
    if (line.includes('|') && this.tableRow(line)) return;
    this.columns = undefined;
    const before = this.statements.length;
    const segments = line.replace(LIST_MARK, '').split(SEGMENTS);
    const opens = this.opening(segments[0]!, line);
    for (const segment of segments) this.segment(segment);
    if (this.statements.length > before || this.heading === undefined) return;
    const closing = opens ? CLOSING_SCORE.exec(line.slice(-40))?.[1] : undefined;
    const score = closing === undefined ? wholeScore(line, this.vocabulary) : this.read(closing);
    this.state(this.heading, score, 'label');
  }

  /** Takes note of the label that a line begins with; true where it is the rubric's. */
  private opening(segment: string, line: string): boolean {
    const lead = leadingTerm(this.vocabulary, segment);
    if (lead && !lead.term.weak && (lead.term.target !== 'overall' || HEADING_REST.test(lead.rest))) {
      this.heading = lead.term.target;
      return true;
    }
    if (lead || wholeScore(line, this.vocabulary)) return false;
    if (UNKNOWN_HEADING.test(line) && !REASON_KEYS.has(foldKey(segment.split(':')[0]!))) {
      this.heading = undefined;
    }
    return false;
  }

  private segment(segment: string): void {
    const lead = leadingTerm(this.vocabulary, segment.replace(LIST_MARK, ''));
    if (lead) {
      if (this.state(this.meaning(lead.term), this.after(lead.rest), lead.term.weak ? 'weak' : 'label')) return;
    }
    for (const match of segment.matchAll(IN_SENTENCE)) {
      if (HYPOTHETICAL.test(segment.slice(Math.max(0, match.index - NEAR), match.index))) return;
      this.state('overall', this.after(segment.slice(match.index + match[0].length)), 'label');
    }
  }

  private meaning(term: Term): Target {
    return term.weak ? (this.heading ?? 'overall') : term.target;
  }

  /** The score behind a label: behind its joint, or in parentheses before it. */
  private after(rest: string): ScoreText {
    const near = rest.slice(0, 4 * NEAR);
    const joint = JOINT.exec(near);
    if (!joint || joint[0].length > 3 * NEAR) return undefined;
    const score = this.read(near.slice(joint[0].length));
    if (score || joint[1] === undefined) return score;
    const inner = wholeScore(joint[1], this.vocabulary);
    // `（10分）` may as well say how many points there are.
    const isMaximum = inner?.kind === 'value' && inner.value === this.vocabulary.rubric.scale.max;
    return inner?.kind === 'value' && inner.unit && !(isMaximum && !joint[1].includes('/')) ? inner : undefined;
  }

  private read(text: string): ScoreText {
    return readScore(text, this.vocabulary.rubric.scale);
  }

  private state(target: Target, score: ScoreText, kind: Statement['kind']): boolean {
    const statements = toStatements(target, score, kind, this.vocabulary);
    // A weak word under a heading is as good as the heading.
    for (const statement of statements) {
      this.statements.push(kind === 'weak' && this.heading !== undefined ? { ...statement, kind: 'label' } : statement);
    }
    if (statements.length > 0) this.heading = undefined;
    return statements.length > 0;
  }

  /** Reads a row of a Markdown table; false where the line is none. */
  private tableRow(line: string): boolean {
    const cells = line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|');
    const targets = cells.map((cell) => {
      const term = lookUp(this.vocabulary, cell);
      return term && !term.weak ? term.target : undefined;
    });
    if (cells.every((cell) => /^\s*:?-+:?\s*$/.test(cell))) return true;
    const named = targets.filter((target) => target !== undefined).length;
    if (named === 0) {
      const columns = this.columns;
      if (columns?.length !== cells.length) return false;
      columns.forEach((target, index) => {
        if (target !== undefined) this.state(target, this.read(cells[index]!), 'label');
      });
      return true;
    }
    const before = this.statements.length;
    targets.forEach((target, index) => {
      if (target === undefined) return;
      const next = targets.findIndex((other, place) => place > index && other !== undefined);
      const behind = cells.slice(index + 1, next === -1 ? undefined : next).map((cell) => this.read(cell));
      this.state(
        target,
        behind.find((score) => score !== undefined),
        'label',
      );
    });
    if (this.statements.length === before && named > 1) this.columns = targets;
    return true;
  }
}

/** A score that is all that `text`, one line, says. */
function wholeScore(text: string, vocabulary: Vocabulary): ScoreText {
  return text.length < 40 && WHOLE.test(text) ? readScore(text, vocabulary.rubric.scale) : undefined;
}

function toStatements(target: Target, score: ScoreText, kind: Statement['kind'], vocabulary: Vocabulary): Statement[] {
  if (!score) return [];
  if (score.kind === 'value') return [{ target, value: score.value, kind }];
  return [{ target, problem: `${targetName(vocabulary.rubric, target)} is ${score.problem}`, kind }];
}
