/**
 * The candidate that `word` is most likely a slip of, or undefined when none is near: at most one edit in three
 * characters, where an edit inserts, drops, changes or swaps neighbouring characters. Case, hyphens and underscores
 * do not count.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(word);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const given = fold(candidate);
    const bound = Math.max(1, Math.floor(Math.max(wanted.length, given.length) / 3));
    if (Math.abs(wanted.length - given.length) > bound) continue;
    const distance = editDistance(wanted, given);
    if (distance <= bound && distance < bestDistance && distance < Math.max(wanted.length, given.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean "x"?`, or what there is: `There are: a, b.` */
export function suggest(word: string, candidates: readonly string[], what = 'There are'): string | undefined {
  const near = nearest(word, candidates);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return candidates.length === 0 ? undefined : `${what}: ${candidates.join(', ')}.`;
}

function fold(word: string): string[] {
  return [...word.toLowerCase().replaceAll(/[-_ ]/g, '')];
}

/** Damerau-Levenshtein distance, restricted: no part is edited twice (optimal string alignment). */
export function editDistance(a: readonly string[], b: readonly string[]): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let distance = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + cost);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        distance = Math.min(distance, before[column - 2]! + 1);
      }
      current.push(distance);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}
