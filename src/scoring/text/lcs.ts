import { int32Scratch } from './scratch.js';

/**
 * Longest common subsequences, bit-parallel (Crochemore et al. 2001; Hyyrö 2004): 64 rows of the textbook table at a
 * time, as two words that the processor can work on side by side. Where the textbook's L[i][j] is the length for the
 * first i rows and j columns, bit i of column j is 0 when L[i + 1][j] is one more than L[i][j], else 1.
 *
 * The sums of a column run through all blocks of rows. Going block by block instead of column by column needs only each
 * column's carry to be kept, and the token masks of one block at a time.
 */

const BLOCK = 64;

const masksOf = int32Scratch();
const carriesOf = int32Scratch();
const bitsOf = int32Scratch();
const rowsOf = int32Scratch();
const columnsOf = int32Scratch();
const seenOf = int32Scratch();

/**
 * Writes the bits of block after block into `bits`, two words a column and `stride` words from block to block: with
 * stride 0 only the last block's remain. Returns the length of the longest common subsequence.
 */
function fillBits(
  rows: Int32Array,
  rowCount: number,
  columns: Int32Array,
  columnCount: number,
  size: number,
  bits: Int32Array,
  stride: number,
): number {
  const masks = masksOf(2 * size);
  masks.fill(0, 0, 2 * size);
  const carries = carriesOf(columnCount);
  carries.fill(0, 0, columnCount);
  let length = 0;
  let offset = 0;
  for (let start = 0; start < rowCount; start += BLOCK) {
    const end = Math.min(start + BLOCK, rowCount);
    for (let i = start; i < end; i++) masks[2 * rows[i]! + wordOf(i)]! |= 1 << (i & 31);
    let low = -1;
    let high = -1;
    for (let j = 0; j < columnCount; j++) {
      const token = 2 * columns[j]!;
      const lowMask = masks[token]!;
      const lowMatches = low & lowMask;
      const lowSum = (((low + lowMatches) | 0) + carries[j]!) | 0;
      const carry = (lowMatches | (low & ~lowSum)) >>> 31;
      low = lowSum | (low & ~lowMask);

      const highMask = masks[token + 1]!;
      const highMatches = high & highMask;
      const highSum = (((high + highMatches) | 0) + carry) | 0;
      carries[j] = (highMatches | (high & ~highSum)) >>> 31;
      high = highSum | (high & ~highMask);

      bits[offset + 2 * j] = low;
      bits[offset + 2 * j + 1] = high;
    }
    // Rows beyond the last match nothing, so their bits are still 1.
    length += countOnes(~low) + countOnes(~high);
    for (let i = start; i < end; i++) masks[2 * rows[i]! + wordOf(i)] = 0;
    offset += stride;
  }
  return length;
}

/** Which of its block's two words holds a row. */
function wordOf(row: number): number {
  return (row >>> 5) & 1;
}

function countOnes(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Length of the longest common subsequence. Ids are those of `tokenIds`, 0 to `size - 1`. */
export function lcsLength(a: Int32Array, b: Int32Array, size: number): number {
  // Tokens that the other side lacks match nothing and may go.
  const seen = seenOf(size);
  seen.fill(0, 0, size);
  for (let i = 0; i < a.length; i++) seen[a[i]!] = 1;
  const columns = columnsOf(b.length);
  let columnCount = 0;
  for (let j = 0; j < b.length; j++) {
    const id = b[j]!;
    if (seen[id] === 0) continue;
    seen[id] = 2;
    columns[columnCount++] = id;
  }
  const rows = rowsOf(a.length);
  let rowCount = 0;
  for (let i = 0; i < a.length; i++) if (seen[a[i]!] === 2) rows[rowCount++] = a[i]!;
  return fillBits(rows, rowCount, columns, columnCount, size, bitsOf(2 * columnCount), 0);
}

/**
 * The rows of one longest common subsequence, ascending. Of several it is the one that Google's rouge_score finds: back
 * from the end, a match is taken wherever there is one; else a column is left if the length stays, else a row.
 * Takes rows × columns / 8 bytes.
 */
export function lcsRows(rows: Int32Array, columns: Int32Array, size: number): number[] {
  const stride = 2 * columns.length;
  const bits = bitsOf(Math.ceil(rows.length / BLOCK) * stride);
  fillBits(rows, rows.length, columns, columns.length, size, bits, stride);
  const found: number[] = [];
  let i = rows.length - 1;
  let j = columns.length - 1;
  while (i >= 0 && j >= 0) {
    if (rows[i] === columns[j]) {
      found.push(i);
      i--;
      j--;
    } else if ((bits[Math.floor(i / BLOCK) * stride + 2 * j + wordOf(i)]! & (1 << (i & 31))) === 0) {
      // Without row i this column would come out shorter; without the column it would not.
      j--;
    } else {
      i--;
    }
  }
  return found.reverse();
}
