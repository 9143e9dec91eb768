import type { EstimateSignal } from '../../rubric/types.js';
import type { IntSet } from './int-set.js';
import { type Profile, profileOf, runsOf } from './profile.js';
import { ramp } from './ramp.js';
import { formLikeness, isListLine, type Shape, shapeOf } from './shape.js';

/** What was measured of one answer. A signal that needs a reference is absent where there is none. */
export interface Signals {
  values: Partial<Record<EstimateSignal, number>>;
  /**
   * 0 to 1, and a factor in every value: how far the answer is an answer at all. Low for an answer of next to no content,
   * one that repeats itself, gives the input back or is about something else, because these earn nothing by what they
   * happen to share with the input or the reference.
   */
  soundness: number;
}

/** Special tokens of chat templates; an answer that shows them has not ended where it should. */
const TEMPLATE_TOKENS =
  /<\|?(?:im_start|im_end|endoftext|end_of_turn|start_of_turn|eot_id|assistant|user)\|?>|\[\|\w+\|\]|<\/?s>/;
/** Replacement characters, control characters, halves of surrogate pairs. */
const BROKEN = /\ufffd|(?![\t-\r])\p{Cc}|\p{Cs}/u;
const ENDS_SENTENCE = /[。！？!?….~～)）\]】」』”"’'》>}|`*]$/;

/** Units in a row that two texts hardly share by chance. */
const LONG_RUN = 8;
/** Units in a row whose return in one text is a repetition. */
const SHORT_RUN = 5;

interface Reference {
  text: string;
  profile: Profile;
  shape: Shape;
}

/**
 * Measures an answer against what it was made from and the references. Every signal is 0 (worst) to 1 (best), computed from
 * characters, words and numbers alone: the same on every machine, in every language, without a dictionary.
 */
export function measure(input: string, references: readonly string[], output: string): Signals {
  const source = profileOf(input);
  const answer = profileOf(output);
  const reference = closest(references, answer);
  const repeated = repetition(answer, reference);
  const signals: Partial<Record<EstimateSignal, number>> = {
    faithfulness: faithfulness(answer, reference ? [source, reference.profile] : [source]),
    repetition: repeated,
    fluency: fluency(output, answer, reference, source),
  };
  if (reference) {
    signals.coverage = coverage(answer, reference.profile);
    signals.relevance = ramp(f1(answer, reference.profile), 0.05, 0.55);
    signals.length = lengthLikeness(answer.length, reference.profile.length);
    signals.format = formLikeness(shapeOf(output), reference.shape, answer.length, reference.profile.length);
  } else {
    signals.relevance = ramp(shareIn(answer, [source]), 0.05, 0.5);
  }
  const soundness =
    substance(answer, reference) *
    (0.25 + 0.75 * ramp(repeated, 0, 0.6)) *
    originality(answer, source, reference) *
    aboutness(answer, source, reference);
  for (const name of Object.keys(signals) as EstimateSignal[]) signals[name] = signals[name]! * soundness;
  return { values: signals, soundness };
}

/** The reference that shares most with the answer. */
function closest(references: readonly string[], answer: Profile): Reference | undefined {
  const [best] = references
    .filter((text) => text.trim() !== '')
    .map((text) => ({ text, profile: profileOf(text) }))
    .map((reference) => ({ ...reference, likeness: f1(answer, reference.profile) }))
    .sort((one, other) => other.likeness - one.likeness);
  return best && { text: best.text, profile: best.profile, shape: shapeOf(best.text) };
}

/**
 * How much of the reference's content the answer has. Read no further than twice the reference's content, so that an answer
 * cannot earn it by saying everything.
 */
function coverage(answer: Profile, reference: Profile): number {
  const wanted = reference.grams.length;
  const read = answer.grams.subarray(0, 2 * wanted + 20);
  let found = 0;
  for (const gram of read) if (reference.gramSet.has(gram)) found++;
  const content = wanted === 0 ? 1 : ramp(found / wanted, 0.05, 0.8);
  const numbers = reference.numbers.filter(({ firm }) => firm);
  if (numbers.length === 0) return content;
  const kept = numbers.filter(({ value, alternative }) => has(answer, value) || has(answer, alternative)).length;
  const share = kept / numbers.length;
  return wanted === 0 ? share : 0.75 * content + 0.25 * share;
}

/** How much of the answer has support: its content, and its numbers, which weigh as much. */
function faithfulness(answer: Profile, sources: readonly Profile[]): number {
  const content = ramp(shareIn(answer, sources), 0.2, 0.8);
  const numbers = answer.numbers.filter(({ firm }) => firm);
  if (numbers.length === 0) return content;
  const supported = numbers.filter(({ value, alternative }) =>
    sources.some((source) => has(source, value) || has(source, alternative)),
  ).length;
  return (content + ramp(supported / numbers.length, 0.4, 1)) / 2;
}

function fluency(output: string, answer: Profile, reference: Reference | undefined, source: Profile): number {
  let value = 1;
  const text = output.trimEnd();
  const last = text.slice(text.lastIndexOf('\n') + 1).trimStart();
  const mayEndAnyhow = isListLine(last) || (reference !== undefined && !ENDS_SENTENCE.test(reference.text.trimEnd()));
  if (!ENDS_SENTENCE.test(text) && !mayEndAnyhow) value *= 0.7;
  if (BROKEN.test(output)) value *= 0.4;
  if (TEMPLATE_TOKENS.test(output)) value *= 0.4;
  // An answer in another script than was wanted.
  const cjk = (reference?.profile ?? source).cjk;
  value *= 1 - 0.8 * ramp(Math.abs(answer.cjk - cjk), 0.25, 0.7);
  return value;
}

/** 1 for a length from 0.8 to 1.35 of the reference's; on a logarithmic scale down to 0 at 0.2 and 4. */
function lengthLikeness(length: number, reference: number): number {
  const ratio = Math.log(Math.max(length, 1) / Math.max(reference, 1));
  return ratio < 0 ? ramp(ratio, Math.log(0.2), Math.log(0.8)) : ramp(ratio, Math.log(4), Math.log(1.35));
}

/** Some repetition is in the nature of names and lists; the reference shows how much. */
function repetition(answer: Profile, reference: Reference | undefined): number {
  const allowed = Math.max(0.1, (reference ? repeatedShare(reference.profile) : 0) + 0.05);
  return ramp(repeatedShare(answer), allowed + 0.4, allowed);
}

/** Share of a text's short runs that have occurred in it before. */
function repeatedShare(text: Profile): number {
  const runs = text.units.length - SHORT_RUN + 1;
  return runs <= 0 ? 0 : 1 - runsOf(text, SHORT_RUN).size / runs;
}

/** Whether there is anything there to grade: 1 from 30% of the reference's content on. */
function substance(answer: Profile, reference: Reference | undefined): number {
  const wanted = reference ? 0.3 * reference.profile.grams.length : 6;
  // A short answer (`无`, `42`) has no content by this measure, and none to lack.
  if (reference && reference.profile.grams.length < 5) return 1;
  return Math.min(1, answer.grams.length / wanted);
}

/**
 * Down to 0.2 for an answer that gives most of the input back, and to 0.6 for one that only copies a stretch of it, where
 * the reference does not.
 */
function originality(answer: Profile, source: Profile, reference: Reference | undefined): number {
  const given = runsOf(source, LONG_RUN);
  const taken = runsOf(answer, LONG_RUN);
  const wanted = reference && runsOf(reference.profile, LONG_RUN);
  const common = taken.countIn(given);
  const wantedCommon = wanted?.countIn(given) ?? 0;
  const returned = share(common, given) - share(wantedCommon, given);
  const copied = wanted ? share(common, taken) - share(wantedCommon, wanted) : 0;
  return (1 - 0.8 * ramp(returned, 0.3, 0.7)) * (1 - 0.4 * ramp(copied, 0.4, 0.9));
}

function share(count: number, of: IntSet): number {
  return of.size === 0 ? 0 : count / of.size;
}

/** Down to 0.3 for an answer that shares far less with the input and the reference than the reference does with the input. */
function aboutness(answer: Profile, source: Profile, reference: Reference | undefined): number {
  if (!reference || reference.profile.grams.length < 5) return 1;
  const usual = shareIn(reference.profile, [source]);
  if (usual < 0.1) return 1;
  return 0.3 + 0.7 * ramp(shareIn(answer, [source, reference.profile]) / usual, 0.25, 0.7);
}

function shareIn(answer: Profile, sources: readonly Profile[]): number {
  if (answer.grams.length === 0) return 0;
  let found = 0;
  for (const gram of answer.grams) if (sources.some((source) => source.gramSet.has(gram))) found++;
  return found / answer.grams.length;
}

function f1(one: Profile, other: Profile): number {
  const total = one.grams.length + other.grams.length;
  if (total === 0) return 0;
  let common = 0;
  for (const gram of one.grams) if (other.gramSet.has(gram)) common++;
  return (2 * common) / total;
}

function has(profile: Profile, value: number): boolean {
  return profile.numberSet.has(value);
}
