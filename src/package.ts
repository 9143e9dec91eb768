import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let root: string | undefined;

/** Folder of judgekit's own package.json; the same from `src/` and from `dist/src/`. */
export function packageRoot(): string {
  if (root === undefined) {
    let folder = dirname(fileURLToPath(import.meta.url));
    while (!existsSync(join(folder, 'package.json'))) {
      if (dirname(folder) === folder) throw new Error('judgekit is installed without its package.json');
      folder = dirname(folder);
    }
    root = folder;
  }
  return root;
}

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return version;
}
