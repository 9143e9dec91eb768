import { cut } from '../cut.js';
import type { Rubric } from '../types.js';
import { foldKey, foldText } from './fold.js';
import type { Node } from './object-reader.js';
import { readScore } from './value.js';
import { lookUp, type Target, targetName, type Vocabulary } from './vocabulary.js';

/** What one object of a reply says about the rubric. */
export interface Fields {
  scores: Map<Target, number>;
  /** Why the object cannot be trusted: a value off the scale, one score given twice with different values. */
  fault?: string;
  /** Scores that are named but are no numbers. */
  notes: string[];
  reason: string;
  /** An overall score is there, wanted or not. */
  overall: boolean;
}

const NAME_KEYS = new Set(
  'dimension name id criterion criteria aspect metric title item category 维度 名称 指标 评分维度 评价维度 项目 评分项'.split(
    ' ',
  ),
);
const SCORE_KEYS = new Set('score value rating grade points 得分 分数 评分 打分 分值'.split(' '));
const MAX_KEYS = new Set('max maximum maxscore outof scale 满分 总分'.split(' '));
export const REASON_KEYS = new Set(
  'reason reasons reasoning rationale explanation justification comment comments analysis feedback evaluation assessment 理由 评分理由 打分理由 原因 说明 解释 分析 评价 评语 评估 点评'.split(
    ' ',
  ),
);
/** Keys under which the scores may stand one level deeper. Any other object in a reply is somebody else's. */
const CONTAINER_KEYS = new Set(
  [
    'scores ratings dimensions criteria verdict result results evaluation assessment judgement judgment details breakdown output',
    'finalverdict finalscores dimensionscores grades 各维度 维度 维度得分 维度评分 各维度得分 各维度评分 评分结果 打分结果 评估结果 评价结果 结果 评估 评价 各项得分 各项评分',
  ]
    .join(' ')
    .split(' '),
);

export function readFields(node: Node, vocabulary: Vocabulary): Fields {
  const reader = new FieldReader(vocabulary);
  reader.visit(node);
  const { fields, reasons } = reader;
  if (fields.reason === '') fields.reason = reasons.join('\n');
  return fields;
}

type Entry = [key: string, value: Node];

class FieldReader {
  readonly fields: Fields = { scores: new Map(), notes: [], reason: '', overall: false };
  /** Reasons given for single dimensions. */
  readonly reasons: string[] = [];
  private readonly vocabulary: Vocabulary;
  private readonly rubric: Rubric;

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary;
    this.rubric = vocabulary.rubric;
  }

  visit(node: Node): void {
    if (node.type === 'array') for (const item of node.items) this.visit(item);
    if (node.type !== 'object' || this.readItem(node.entries)) return;
    for (const [key, value] of node.entries) this.readEntry(key, value);
  }

  private readEntry(key: string, value: Node): void {
    const folded = foldKey(key);
    const term = lookUp(this.vocabulary, key);
    const nested = value.type === 'object' || value.type === 'array';
    if (term && !(term.weak && nested)) {
      this.state(term.target, value);
    } else if (nested) {
      if (term || CONTAINER_KEYS.has(folded)) this.visit(value);
    } else if (REASON_KEYS.has(folded) && value.type === 'string') {
      if (this.fields.reason === '') this.fields.reason = value.text.trim();
    }
  }

  /** Reads `{dimension: …, score: …}`; false where the object is not of that shape. */
  private readItem(entries: readonly Entry[]): boolean {
    const name = pick(entries, NAME_KEYS);
    if (name?.type !== 'string' || !pick(entries, SCORE_KEYS)) return false;
    if (entries.some(([key]) => lookUp(this.vocabulary, key)?.weak === false)) return false;
    const term = lookUp(this.vocabulary, name.text);
    // A name that is not the rubric's is a dimension of the judge's own.
    if (term) this.state(term.target, { type: 'object', entries: [...entries] });
    return true;
  }

  private state(target: Target, value: Node): void {
    if (target === 'overall') {
      this.fields.overall = true;
      if (this.rubric.overall === 'weighted-mean') return;
    }
    const name = targetName(this.rubric, target);
    for (const said of this.textsOf(name, value)) this.stateText(target, name, said);
  }

  private stateText(target: Target, name: string, said: string): void {
    const reading = readScore(foldText(said), this.rubric.scale);
    if (!reading) {
      this.fields.notes.push(`${name} is ${JSON.stringify(cut(said, 60))}, which is not a score`);
      return;
    }
    if (reading.kind === 'refused') {
      this.fields.fault ??= `${name} is ${reading.problem}`;
      return;
    }
    const before = this.fields.scores.get(target);
    if (before !== undefined && before !== reading.value) {
      this.fields.fault ??= `contradictory: ${name} is given as ${before} and as ${reading.value}`;
    }
    this.fields.scores.set(target, reading.value);
  }

  /** The texts of a score that may be wrapped: `8`, `[8]`, `{score: 8, reason: …}`. More than one where it is given twice. */
  private textsOf(name: string, value: Node): string[] {
    if (value.type === 'string' || value.type === 'bare') return [value.text];
    if (value.type === 'array') {
      const [only] = value.items;
      if (only && value.items.length === 1) return this.textsOf(name, only);
      this.fields.notes.push(`${name} is a list`);
      return [];
    }
    const reason = pick(value.entries, REASON_KEYS);
    if (reason?.type === 'string') this.reasons.push(`${name}: ${reason.text.trim()}`);
    const scores = value.entries.filter(([key, score]) => SCORE_KEYS.has(foldKey(key)) && score.type !== 'object');
    if (scores.length === 0) this.fields.notes.push(`${name} has no score`);
    const max = pick(value.entries, MAX_KEYS);
    const total = max?.type === 'bare' ? `/${max.text}` : '';
    return scores.flatMap(([, score]) => this.textsOf(name, score)).map((text) => text + total);
  }
}

function pick(entries: readonly Entry[], keys: ReadonlySet<string>): Node | undefined {
  return entries.find(([key]) => keys.has(foldKey(key)))?.[1];
}
