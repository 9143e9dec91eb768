/** The engine's last resort against a runtime that heeds no signal; runtimes may use it too. */
export { withTimeLimit } from '../runtime/time-limit.js';
