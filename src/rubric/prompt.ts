import type { JsonSchema } from '../json.js';
import type { ChatMessage } from '../runtime/types.js';
import { cut } from './cut.js';
import { fence, fenceKey } from './fence.js';
import { scaleSize, scaleValues } from './scale.js';
import type { Anchor, Rubric, Scale } from './types.js';
import { promptLanguage, WORDING, type Wording } from './wording.js';

/** What a judge is shown of one sample. */
export interface JudgedSample {
  /** What the model under test was asked. */
  prompt: string;
  /** Accepted answers; may be empty. */
  references: readonly string[];
  /** The answer to grade. */
  output: string;
}

/** A list of more values than this is given as a range. */
const LISTED_VALUES = 21;
/** OpenAI's structured output takes at most 1,000 enum values in one schema. */
const ENUM_VALUES = 1000;
/** A failed reply is shown to the judge again no longer than this, in UTF-16 units. */
const SHOWN_REPLY = 4000;

/**
 * The judge's request for one sample. The system message holds all that is the same for a rubric and language and
 * nothing else, so that prefix caches hit; the user message holds the sample, each field fenced with a key that occurs
 * in none of them. Fields are never templates: they are joined once and nothing in them is replaced.
 */
export function judgeMessages(rubric: Rubric, language: string, sample: JudgedSample): ChatMessage[] {
  const wording = WORDING[promptLanguage(language)];
  const key = fenceKey([sample.prompt, ...sample.references, sample.output]);
  const references =
    sample.references.length === 0
      ? [wording.noReference]
      : sample.references.map((text, index) =>
          fence(sample.references.length === 1 ? 'REFERENCE' : `REFERENCE ${index + 1}`, key, text),
        );
  const user = [
    fence('TASK', key, sample.prompt),
    ...references,
    fence('ANSWER', key, sample.output),
    wording.closing,
  ].join('\n\n');
  return [
    { role: 'system', content: judgeInstructions(rubric, language) },
    { role: 'user', content: user },
  ];
}

/** `messages` with the reply that could not be read and what was wrong with it: the one re-ask. */
export function reaskMessages(
  messages: readonly ChatMessage[],
  reply: string,
  problem: string,
  language: string,
): ChatMessage[] {
  const shown = cut(reply, SHOWN_REPLY);
  return [
    ...messages,
    // Chat templates want turns that alternate and are not empty.
    { role: 'assistant', content: shown.trim() === '' ? '(…)' : shown },
    { role: 'user', content: WORDING[promptLanguage(language)].reask(problem) },
  ];
}

/**
 * JSON Schema (draft-07, within what OpenAI's strict mode takes) of a reply. Properties stand in the order in which they
 * are to be written. Scores are enumerated: a model bound to `integer` has been seen to write `0e77…`. Only a scale of
 * more values than an API takes falls back to `number`.
 */
export function replySchema(rubric: Rubric): JsonSchema {
  const count = scaleSize(rubric.scale) * (rubric.dimensions.length + 1);
  const score: JsonSchema =
    count <= ENUM_VALUES ? { type: 'number', enum: scaleValues(rubric.scale) } : { type: 'number' };
  const properties: Record<string, JsonSchema> = { reason: { type: 'string' } };
  if (rubric.dimensions.length > 0) {
    properties.scores = strictObject(Object.fromEntries(rubric.dimensions.map(({ id }) => [id, score])));
  }
  if (rubric.overall === 'judge') properties.overall = score;
  return strictObject(properties);
}

function strictObject(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** The system message: everything that does not depend on the sample. */
function judgeInstructions(rubric: Rubric, language: string): string {
  const locale = promptLanguage(language);
  const wording = WORDING[locale];
  const withDimensions = rubric.dimensions.length > 0;

  const dimensions = rubric.dimensions.map((dimension) =>
    [
      `- "${dimension.id}" (${dimension.title[locale]})${wording.colon}${dimension.description[locale]}`,
      ...anchorLines(dimension.anchors, locale, wording).map((line) => `  ${line}`),
    ].join('\n'),
  );
  const sections = [
    rubric.role?.[locale] ?? wording.role,
    lines(wording.rubric(rubric.title[locale]), rubric.description?.[locale]),
    lines(
      wording.rulesHeading,
      ...[...wording.rules, ...rubric.principles.map((text) => text[locale])].map((rule) => `- ${rule}`),
    ),
    withDimensions ? lines(wording.dimensionsHeading, wording.dimensionsRule, ...dimensions) : undefined,
    scaleSection(rubric.scale, locale, wording),
    lines(
      wording.referenceHeading,
      rubric.referenceScore === undefined ? wording.referenceGiven : wording.referenceWorth(rubric.referenceScore),
    ),
    lines(
      wording.replyHeading,
      wording.reply,
      replyExample(rubric, wording),
      `- ${wording.reasonRule}`,
      withDimensions ? `- ${wording.scoresRule}` : undefined,
      rubric.overall === 'judge' ? `- ${withDimensions ? wording.overallRule : wording.onlyOverallRule}` : undefined,
    ),
  ];
  return sections.filter((section) => section !== undefined).join('\n\n');
}

function scaleSection(scale: Scale, locale: 'en' | 'zh', wording: Wording): string {
  const allowed =
    scaleSize(scale) <= LISTED_VALUES
      ? wording.allowed(scaleValues(scale).join(', '))
      : wording.steps(scale.min, scale.max, scale.step);
  const levels = anchorLines(scale.anchors, locale, wording);
  return lines(wording.scaleHeading, allowed, ...(levels.length > 0 ? [wording.levels, ...levels] : []));
}

/** Placeholders, not numbers: a judge that copies the example has given no score. */
function replyExample(rubric: Rubric, wording: Wording): string {
  const score = `<${wording.placeholders.score}>`;
  const scores = rubric.dimensions.map(({ id }) => `"${id}": ${score}`).join(', ');
  const parts = [
    `"reason": "<${wording.placeholders.reason}>"`,
    scores === '' ? undefined : `"scores": {${scores}}`,
    rubric.overall === 'judge' ? `"overall": ${score}` : undefined,
  ];
  return `{${parts.filter((part) => part !== undefined).join(', ')}}`;
}

function anchorLines(anchors: readonly Anchor[], locale: 'en' | 'zh', wording: Wording): string[] {
  return anchors.map((anchor) => `- ${anchor.range}${wording.colon}${anchor.text[locale]}`);
}

function lines(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n');
}
