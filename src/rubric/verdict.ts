import { cut as cutText } from './cut.js';
import { type Fields, readFields } from './reply/fields.js';
import { readBare, readLabels, type Statement } from './reply/labels.js';
import { type FoundObject, findObjects } from './reply/objects.js';
import { type Target, targetName, type Vocabulary, vocabularyOf } from './reply/vocabulary.js';
import type { ParsedVerdict, ParsePath, Rubric } from './types.js';

/** Longest reason taken from the text around a verdict, in UTF-16 units. */
const REASON_LENGTH = 2000;
/** A reply no longer than this can be a bare score and nothing else. */
const BARE_LENGTH = 24;
/** Before an object that only shows the form of a verdict, as in an echoed prompt. */
const EXAMPLE = /(?:例如|比如|举例(?:来说)?|for example|for instance|e\.g\.)[\s:：,，*`"']*(?:```\w*\s*)?$/i;

/**
 * Reads a verdict out of a judge's reply. Tried in order: JSON objects and what models write for them (the last complete
 * one counts; `several-verdicts` says that there were more); labelled lines and tables; where the rubric has no
 * dimensions, a bare score. Nothing is guessed: a score that is missing, off the scale or contradicted anywhere in the
 * reply makes it unreadable, with the reason why. Flags: `several-verdicts`; `overall-ignored` where the rubric computes
 * the overall score and the judge gave one all the same.
 *
 * Takes time linear to the length of the reply and never throws.
 */
export function parseVerdict(text: string, rubric: Rubric, { cut = false }: ParseOptions = {}): ParsedVerdict {
  const body = withoutThinking(cut ? withoutLastNumber(text) : text);
  if (body === undefined) return fail('the reply ends before the judge has finished thinking');
  if (body.trim() === '') return fail('the reply is empty');
  const vocabulary = vocabularyOf(rubric);
  const { found, cutAt, tangled } = findObjects(body);
  if (tangled) return fail('the reply is too tangled to be read');

  const parts = split(body, found, cutAt, vocabulary);
  const groups = parts.filter((part) => part.kind === 'object');
  const chosen = groups.findLastIndex(
    (group) => group.fields.fault === undefined && isComplete(group.scores, vocabulary),
  );
  const reading = chosen === -1 ? merge(parts, body, vocabulary) : choose(parts, groups, chosen, body, vocabulary);
  if ('problem' in reading) {
    return fail(reading.problem + (cutAt === undefined ? '' : '; a JSON object in it is cut off'));
  }
  return finish(reading, parts, rubric);
}

export interface ParseOptions {
  /** The reply hit its token limit: a number at its very end may be the head of a longer one and is not read. */
  cut?: boolean;
}

/** A stretch of the reply: an object, or a statement made in the text between objects. */
type Part = ObjectPart | Statement;
interface ObjectPart {
  kind: 'object';
  object: FoundObject;
  fields: Fields;
  scores: Map<Target, number>;
}

interface Reading {
  scores: Map<Target, number>;
  reason: string;
  path: ParsePath;
  several: boolean;
}

type Failed = { problem: string };

function withoutLastNumber(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s\d０-９.．/／零〇一二两三四五六七八九十百点]/.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** The reply without what a reasoning model thought aloud; undefined where it never stopped. */
function withoutThinking(text: string): string | undefined {
  const start = text.trimStart().toLowerCase();
  const opened = start.startsWith('<think');
  // Some chat templates put the opening tag into the prompt. An object that only quotes the tag is no thinking.
  if (!opened && (/^(?:[{｛[]|```)/.test(start) || !/<\/think(?:ing)?>/i.test(text))) return text;
  const end = /<\/think(?:ing)?>/i.exec(text);
  return end ? text.slice(end.index + end[0].length) : undefined;
}

function split(body: string, found: readonly FoundObject[], cutAt: number | undefined, vocabulary: Vocabulary): Part[] {
  const parts: Part[] = [];
  let from = 0;
  const addText = (to: number): void => {
    // What stands in an object that never ended is not said to the reader.
    const end = Math.min(to, cutAt ?? to);
    if (end <= from) return;
    for (const statement of readLabels(body.slice(from, end), vocabulary)) parts.push(statement);
  };
  for (const object of found) {
    addText(object.start);
    from = object.end;
    if (EXAMPLE.test(body.slice(Math.max(0, object.start - 40), object.start))) continue;
    // The verdicts in a list are as separate as those in a row.
    const nodes = object.node.type === 'array' ? object.node.items : [object.node];
    for (const node of nodes) {
      const fields = readFields(node, vocabulary);
      parts.push({ kind: 'object', object, fields, scores: fields.scores });
    }
  }
  addText(body.length);
  if (vocabulary.rubric.dimensions.length === 0 && parts.every(isSilent)) {
    return [...parts, ...readBare(body.slice(0, cutAt), vocabulary)];
  }
  return parts;
}

function isSilent(part: Part): boolean {
  return part.kind === 'object' && part.scores.size === 0 && part.fields.fault === undefined;
}

/** Takes the verdict of one complete object, unless something else in the reply speaks against it. */
function choose(
  parts: readonly Part[],
  groups: readonly ObjectPart[],
  chosen: number,
  body: string,
  vocabulary: Vocabulary,
): Reading | Failed {
  const { object, fields, scores } = groups[chosen]!;
  const place = parts.indexOf(groups[chosen]!);
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'object') {
      const fault = part.fields.fault;
      if (fault !== undefined && index > place) return { problem: fault };
      if (fault !== undefined || isComplete(part.scores, vocabulary)) continue;
    }
    const conflict = conflictWith(scores, part, vocabulary.rubric);
    if (conflict !== undefined) return { problem: conflict };
  }
  const complete = groups.filter((group) => !group.fields.fault && isComplete(group.scores, vocabulary));
  const before = body.slice(groups[chosen - 1]?.object.end ?? 0, object.start);
  return {
    scores,
    reason: fields.reason || around(before.replace(/```[\w-]*\s*$/, '')),
    path: object.strict ? 'json' : 'repaired-json',
    several: complete.length > 1,
  };
}

/** Puts a verdict together from labelled lines and from objects that each hold a part of it. */
function merge(parts: readonly Part[], body: string, vocabulary: Vocabulary): Reading | Failed {
  const { rubric } = vocabulary;
  const targets = rubric.dimensions.length + (rubric.overall === 'judge' ? 1 : 0);
  let current = new Map<Target, number>();
  let complete: Map<Target, number> | undefined;
  let several = false;
  for (const part of parts) {
    const fault = part.kind === 'object' ? part.fields.fault : part.problem;
    if (fault !== undefined && !(part.kind !== 'object' && isIgnored(part.target, rubric))) return { problem: fault };
    for (const [target, value] of statementsOf(part)) {
      if (isIgnored(target, rubric)) continue;
      const known = current.get(target);
      // A finished verdict of several scores that begins anew is a second verdict, not a contradiction of the first.
      if (known !== undefined && targets > 1 && isComplete(current, vocabulary)) {
        several ||= complete !== undefined;
        complete = current;
        current = new Map([[target, value]]);
      } else if (known !== undefined && known !== value) {
        return { problem: contradiction(targetName(rubric, target), known, value) };
      } else {
        current.set(target, value);
      }
    }
  }
  if (!isComplete(current, vocabulary)) {
    if (!complete) return { problem: missing(current, parts, rubric) };
    for (const [target, value] of current) {
      const known = complete.get(target);
      if (known !== value) return { problem: contradiction(targetName(rubric, target), known, value) };
    }
    current = complete;
  } else if (complete) several = true;
  const reasons = parts.flatMap((part) => (part.kind === 'object' && part.fields.reason ? [part.fields.reason] : []));
  const path = pathOf(parts);
  // A reply of nothing but `8/10` gives no reason.
  const text = path === 'bare' && body.trim().length <= BARE_LENGTH ? '' : around(body);
  return { scores: current, reason: reasons.join('\n') || text, path, several };
}

function statementsOf(part: Part): [Target, number][] {
  if (part.kind === 'object') return [...part.scores];
  return part.value === undefined ? [] : [[part.target, part.value]];
}

/** What a part of the reply states that the chosen verdict does not. */
function conflictWith(scores: ReadonlyMap<Target, number>, part: Part, rubric: Rubric): string | undefined {
  // Under some other heading, `score: 5` need not be about the whole.
  if (part.kind === 'weak') return undefined;
  if (part.kind !== 'object' && part.problem !== undefined) {
    return isIgnored(part.target, rubric) ? undefined : `contradictory: elsewhere ${part.problem}`;
  }
  for (const [target, value] of statementsOf(part)) {
    const own = scores.get(target);
    if (own !== undefined && own !== value) return contradiction(targetName(rubric, target), own, value);
  }
  return undefined;
}

function contradiction(name: string, one: number | undefined, other: number): string {
  return `contradictory: ${name} is given as ${one} and as ${other}`;
}

function missing(scores: ReadonlyMap<Target, number>, parts: readonly Part[], rubric: Rubric): string {
  if (rubric.dimensions.length === 0 && rubric.overall !== 'judge')
    return 'the rubric has no dimension to compute from';
  const notes = parts.flatMap((part) => (part.kind === 'object' ? part.fields.notes : []));
  const because = notes.length > 0 ? ` (${[...new Set(notes)].slice(0, 3).join('; ')})` : '';
  if (scores.size === 0) return `no verdict in the reply${because}`;
  const wanted: Target[] = [...rubric.dimensions.keys(), ...(rubric.overall === 'judge' ? ['overall' as const] : [])];
  const names = wanted.filter((target) => !scores.has(target)).map((target) => targetName(rubric, target));
  return `no score for ${names.join(', ')}${because}`;
}

function isComplete(scores: ReadonlyMap<Target, number>, { rubric }: Vocabulary): boolean {
  if (rubric.dimensions.length === 0 && rubric.overall !== 'judge') return false;
  return (
    rubric.dimensions.every((_, index) => scores.has(index)) && (rubric.overall !== 'judge' || scores.has('overall'))
  );
}

function isIgnored(target: Target, rubric: Rubric): boolean {
  return target === 'overall' && rubric.overall !== 'judge';
}

function pathOf(parts: readonly Part[]): ParsePath {
  const speaking = parts.filter((part) => !isSilent(part));
  if (speaking.every((part) => part.kind === 'object')) return 'repaired-json';
  return speaking.every((part) => part.kind === 'bare') ? 'bare' : 'labels';
}

function around(text: string): string {
  return cutText(text.trim(), REASON_LENGTH).trim();
}

function finish({ scores, reason, path, several }: Reading, parts: readonly Part[], rubric: Rubric): ParsedVerdict {
  const flags: string[] = several ? ['several-verdicts'] : [];
  const byDimension = rubric.dimensions.map((dimension, index) => [dimension.id, scores.get(index)!] as const);
  const values = byDimension.map(([, value]) => value);
  let overall: number;
  if (rubric.overall === 'judge') {
    overall = scores.get('overall')!;
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (values.length > 0 && (overall < low || overall > high)) {
      return fail(`contradictory: overall is ${overall}, but the dimensions lie between ${low} and ${high}`, flags);
    }
  } else {
    if (parts.some((part) => (part.kind === 'object' ? part.fields.overall : part.target === 'overall'))) {
      flags.push('overall-ignored');
    }
    const mean = weightedMean(rubric, values);
    if (mean === undefined) return fail('the weights of the rubric add up to nothing', flags);
    overall = mean;
  }
  return { ok: true, verdict: { reason, scores: Object.fromEntries(byDimension), overall }, path, flags };
}

function weightedMean(rubric: Rubric, values: readonly number[]): number | undefined {
  const total = rubric.dimensions.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return undefined;
  return rubric.dimensions.reduce((sum, { weight }, index) => sum + weight * values[index]!, 0) / total;
}

function fail(reason: string, flags: string[] = []): ParsedVerdict {
  return { ok: false, reason, flags };
}
