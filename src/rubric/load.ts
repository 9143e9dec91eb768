import { contentHash } from '../definition/hash.js';
import { refuse } from '../definition/refuse.js';
import { checkSchema } from '../definition/schema.js';
import { codeSource, formatPath, type Path, type PluginSource } from '../definition/source.js';
import { readSource } from '../definition/yaml.js';
import type { PluginIssue } from '../errors.js';
import { localized } from '../task/localized.js';
import type { LocalizedText } from '../task/types.js';
import { anchorBounds } from './scale.js';
import type { Anchor, Rubric, RubricDefinition, ScaleDefinition } from './types.js';

/** Loads a rubric from its YAML file, or checks one from code. Throws PluginError with every finding. */
export async function loadRubric(rubric: string | RubricDefinition): Promise<Rubric> {
  return rubricFrom(typeof rubric === 'string' ? await readSource(rubric) : codeSource(rubric));
}

/** The same for a source that was read already. */
export async function rubricFrom(source: PluginSource): Promise<Rubric> {
  refuse('the rubric', await checkSchema('rubric', source));
  const definition = source.value as RubricDefinition;
  refuse('the rubric', [...checkScale(definition, source), ...checkDimensions(definition, source)]);
  const { id, title, description, role, principles = [], scale, dimensions, overall, referenceScore } = definition;
  return {
    id,
    title: localized(title ?? id),
    ...(description === undefined ? {} : { description: localized(description) }),
    ...(role === undefined ? {} : { role: localized(role) }),
    principles: principles.map(localized),
    scale: {
      min: scale.min,
      max: scale.max,
      step: scale.step ?? 1,
      multiply: scale.multiply ?? 1,
      anchors: toAnchors(scale.anchors),
    },
    dimensions: dimensions.map((dimension) => ({
      id: dimension.id,
      title: localized(dimension.title ?? dimension.id),
      description: localized(dimension.description),
      weight: dimension.weight ?? 1,
      anchors: toAnchors(dimension.anchors),
      ...(dimension.estimate === undefined ? {} : { estimate: dimension.estimate }),
    })),
    overall,
    ...(referenceScore === undefined ? {} : { referenceScore }),
    emptyOutput: definition.emptyOutput ?? 'minimum',
    file: source.file,
    hash: contentHash(definition),
  };
}

function checkScale({ scale, dimensions, referenceScore }: RubricDefinition, source: PluginSource): PluginIssue[] {
  const { min, max, step = 1 } = scale;
  if (min >= max) {
    return [issue(source, ['scale', 'max'], `scale.max must be over scale.min, which is ${min}`)];
  }
  const steps = (max - min) / step;
  const issues: PluginIssue[] = [];
  if (Math.abs(steps - Math.round(steps)) > 1e-9) {
    const hint = `From ${min} in steps of ${step} no score is exactly ${max}; choose a step that divides ${max - min}.`;
    issues.push(issue(source, ['scale', 'step'], `scale.step ${step} does not lead from ${min} to ${max}`, hint));
  }
  if (referenceScore !== undefined && (referenceScore < min || referenceScore > max)) {
    issues.push(
      issue(source, ['referenceScore'], `referenceScore ${referenceScore} is not on the scale ${min} to ${max}`),
    );
  }
  issues.push(...checkAnchors(scale.anchors, ['scale', 'anchors'], scale, source));
  for (const [index, { anchors }] of dimensions.entries()) {
    issues.push(...checkAnchors(anchors, ['dimensions', index, 'anchors'], scale, source));
  }
  return issues;
}

function checkAnchors(
  anchors: ScaleDefinition['anchors'],
  path: Path,
  { min, max }: ScaleDefinition,
  source: PluginSource,
): PluginIssue[] {
  return Object.keys(anchors ?? {}).flatMap((range): PluginIssue[] => {
    const bounds = anchorBounds(range);
    const at = [...path, range];
    if (!bounds) {
      const hint = 'Write a value or a range of the scale, such as "7-8" or "0.5".';
      return [issue(source, at, `${formatPath(at)}: "${range}" is no value of the scale`, hint, 'key')];
    }
    if (bounds[0] >= min && bounds[1] <= max && bounds[0] <= bounds[1]) return [];
    const wrong = bounds[0] > bounds[1] ? 'begins above its end' : `is not on the scale ${min} to ${max}`;
    return [issue(source, at, `${formatPath(at)}: "${range}" ${wrong}`, undefined, 'key')];
  });
}

/** Keys of a judge's reply; a dimension of that name would hide them. */
const REPLY_KEYS = new Set(['overall', 'reason', 'score', 'scores']);

function checkDimensions({ dimensions, overall }: RubricDefinition, source: PluginSource): PluginIssue[] {
  const issues: PluginIssue[] = [];
  const seen = new Set<string>();
  for (const [index, { id }] of dimensions.entries()) {
    if (seen.has(id)) issues.push(issue(source, ['dimensions', index, 'id'], `a second dimension has the id "${id}"`));
    if (REPLY_KEYS.has(id)) {
      const hint = 'Choose another; a judge writes it for something else in its reply.';
      issues.push(issue(source, ['dimensions', index, 'id'], `a dimension cannot be called "${id}"`, hint));
    }
    seen.add(id);
  }
  if (overall !== 'weighted-mean') return issues;
  if (dimensions.length === 0) {
    const hint = 'Add dimensions, or let the judge give the score: overall: judge.';
    issues.push(issue(source, ['overall'], 'overall: weighted-mean needs dimensions to weigh', hint));
  } else if (dimensions.every(({ weight }) => weight === 0)) {
    issues.push(issue(source, ['overall'], 'overall: weighted-mean needs a dimension with a weight over 0'));
  }
  return issues;
}

function issue(source: PluginSource, path: Path, message: string, hint?: string, part?: 'key'): PluginIssue {
  return { message, hint, location: source.locate(path, part) };
}

/** In the order of the scale, because JavaScript would put keys such as `10` before `1-2`. */
function toAnchors(anchors: Record<string, string | LocalizedText> | undefined): Anchor[] {
  return Object.entries(anchors ?? {})
    .map(([range, text]) => ({ range, text: localized(text) }))
    .sort((a, b) => anchorBounds(a.range)![0] - anchorBounds(b.range)![0]);
}
