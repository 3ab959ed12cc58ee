export interface Progress {
  say(text: string): void;
  follow(listener: (text: string) => void): () => void;
}

/** Tells whoever waits what is being done. */
export function createProgress(first?: (text: string) => void): Progress {
  const listeners = new Set<(text: string) => void>(first ? [first] : []);
  return {
    say: (text) => {
      for (const listener of listeners) listener(text);
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
