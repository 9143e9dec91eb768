/** Entry of a scoring thread. */
export { scoreBatch as default } from './batch.js';
