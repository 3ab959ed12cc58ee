export interface Closers {
  /** To be done at the end; at once when the end has begun. */
  defer(close: () => void | Promise<void>): void;
  /** Does everything, the last first. A second call waits for the same end. */
  closeAll(): Promise<void>;
  /** Resolves when everything is closed. */
  readonly closed: Promise<void>;
  /** Throws once the end has begun: no need to go on then. */
  goOn(): void;
}

/** What must be undone when an app goes down, or does not come up. */
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
    goOn() {
      if (end) throw new Error("[dynos] The app was taken down while it came up.");
    },
  };
}
