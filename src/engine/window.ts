/** Counts what is in flight and makes the producer wait while there is too much of it. */
export interface Window {
  /** Resolves once there is room; takes a place. */
  enter(): Promise<void>;
  leave(): void;
  /** Resolves when nothing is in flight. */
  empty(): Promise<void>;
  readonly size: number;
}

/** @param limit most items in flight, >= 1. For one producer: `enter` is not called again before it has resolved. */
export function createWindow(limit: number): Window {
  let size = 0;
  let room: (() => void) | undefined;
  let drained: (() => void) | undefined;
  return {
    get size() {
      return size;
    },
    async enter() {
      if (size >= limit) {
        await new Promise<void>((resolve) => {
          room = resolve;
        });
      }
      size++;
    },
    leave() {
      size--;
      room?.();
      room = undefined;
      if (size === 0) drained?.();
    },
    async empty() {
      if (size === 0) return;
      await new Promise<void>((resolve) => {
        drained = resolve;
      });
    },
  };
}
