import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatasetError, field, type ModelInfo } from 'judgekit/runtime';

/**
 * Which model wrote the recorded outputs: from `provenance.json` beside them, an object like
 * `{"model": "…", "quantization": "…", "engine": "…", "engineVersion": "…", "settings": {…}, "date": "…", "source": "…",
 * "sha256": "…"}`; beside a run's records, from that run's manifest. Throws DatasetError when there is one and it is broken.
 */
export async function readProvenance(outputs: string): Promise<ModelInfo> {
  const folder = dirname(outputs);
  const stated =
    (await readJson(join(folder, 'provenance.json'))) ??
    field(field(await readJson(join(folder, 'manifest.json')), 'runtime'), 'info');
  const info: ModelInfo = { model: 'recorded outputs' };
  if (typeof stated !== 'object' || stated === null) return info;
  for (const [name, value] of Object.entries(stated)) {
    if (value === null || value === undefined) continue;
    info[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return info;
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new DatasetError(`not valid JSON: ${(cause as Error).message}`, { location: { file }, cause });
  }
}
