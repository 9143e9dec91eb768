import { statSync } from 'node:fs';

/** What there is at a path; undefined when there is nothing, or nothing that can be reached. */
export function kindOfPath(path: string): 'file' | 'folder' | undefined {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}
