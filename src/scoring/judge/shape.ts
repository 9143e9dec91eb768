import { ramp } from './ramp.js';

/** The form of a text: what kinds of lines it has. */
export interface Shape {
  lines: number;
  /** `概要` of `概要：…`, the text of `# …`: what names a part. */
  labels: Set<string>;
  numbered: number;
  bullets: number;
  table: number;
  json: 'valid' | 'broken' | 'none';
  /** Opens by announcing the answer instead of giving it. */
  preamble: boolean;
}

const NUMBERED = /^\(?\d{1,3}(?:[.)、．）](?!\d)|\s*[:：](?!\d))/;
const BULLET = /^[-*•·–]\s/;
const PREAMBLE =
  /^\s*(?:好的|当然|没问题|以下是|下面是|这是|根据(?:您|你|以上|上述)|sure\b|certainly\b|of course\b|okay\b|here(?: is|'s|’s| are)\b|below is\b|as requested\b)/i;
const LABEL = /^(?:#{1,6}\s*([^\n]{1,60})|(?:\*\*)?([^\d\s:：*|][^:：*|\n]{0,23})(?:\*\*)?[:：])/;

/** Whether a line is a point of a list or a label with what it names; such lines may end without punctuation. */
export function isListLine(line: string): boolean {
  return NUMBERED.test(line) || BULLET.test(line) || LABEL.test(line);
}

export function shapeOf(text: string): Shape {
  const shape: Shape = {
    lines: 0,
    labels: new Set(),
    numbered: 0,
    bullets: 0,
    table: 0,
    json: jsonState(text),
    preamble: PREAMBLE.test(text),
  };
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '') continue;
    shape.lines++;
    if (NUMBERED.test(line)) shape.numbered++;
    else if (BULLET.test(line)) shape.bullets++;
    else if (line.startsWith('|')) shape.table++;
    else {
      const label = LABEL.exec(line);
      const name = label?.[1] ?? label?.[2];
      if (name !== undefined)
        shape.labels.add(
          name
            .trim()
            .replace(/[:：]$/, '')
            .toLowerCase(),
        );
    }
  }
  return shape;
}

function jsonState(text: string): Shape['json'] {
  if (!/^\s*[[{]/.test(text)) return 'none';
  try {
    JSON.parse(text);
    return 'valid';
  } catch {
    return 'broken';
  }
}

/** How far `shape` has the form of `reference`, 0 to 1. Lengths in characters; an answer may be half again as long. */
export function formLikeness(shape: Shape, reference: Shape, length: number, referenceLength: number): number {
  const parts: [value: number, weight: number][] = [
    [ratioLikeness(shape.lines, reference.lines), 1],
    [ramp(length, referenceLength * 3 + 30, referenceLength * 1.5 + 10), 1],
  ];
  if (shape.preamble && !reference.preamble) parts.push([0, 2]);
  if (reference.json === 'valid') parts.push([shape.json === 'valid' ? 1 : 0, 4]);
  if (shape.labels.size + reference.labels.size > 0) parts.push([setLikeness(shape.labels, reference.labels), 2]);
  for (const kind of ['numbered', 'bullets', 'table'] as const) {
    if (shape[kind] + reference[kind] > 0) parts.push([ratioLikeness(shape[kind], reference[kind]), 2]);
  }
  const weights = parts.reduce((sum, [, weight]) => sum + weight, 0);
  return parts.reduce((sum, [value, weight]) => sum + value * weight, 0) / weights;
}

/** 1 for counts within a factor of 1.5, 0 from a factor of 4 on or where only one side has any. */
function ratioLikeness(one: number, other: number): number {
  if (one === other) return 1;
  if (one === 0 || other === 0) return 0;
  return ramp(Math.max(one / other, other / one), 4, 1.5);
}

/** F1 of two sets of which not both are empty. */
function setLikeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let common = 0;
  for (const member of one) if (other.has(member)) common++;
  return (2 * common) / (one.size + other.size);
}
