export interface Closers {
  /** Runs `close` at the end, or at once when the end has begun. */
  defer(close: () => void | Promise<void>): void;
  /** Runs everything that was deferred, the last first. A second call waits for the first one. */
  closeAll(): Promise<void>;
  /** Resolves when everything is closed. */
  readonly closed: Promise<void>;
  /** Throws once the end has begun. */
  throwIfClosed(): void;
}

/**
 * What must be undone when an app goes down, or does not come up.
 * @param onError called with each error of a deferred function; the others still run
 */
export function createClosers(onError: (error: Error) => void): Closers {
  const closers: (() => void | Promise<void>)[] = [];
  let end: Promise<void> | undefined;
  let onClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    onClosed = resolve;
  });

  async function closeAll(): Promise<void> {
    for (let close = closers.pop(); close; close = closers.pop()) {
      try {
        await close();
      } catch (error) {
        onError(error as Error);
      }
    }
  }

  return {
    defer(close) {
      closers.push(close);
      if (end) end = end.then(closeAll);
    },
    closeAll() {
      end ??= closeAll().finally(onClosed);
      return end;
    },
    closed,
    throwIfClosed() {
      if (end) throw new Error("[dynos] The app was taken down while it came up.");
    },
  };
}
