/** What one program says, while others speak too. */
export interface Speaker {
  write(text: string | Uint8Array): void;
  end(): void;
}

/**
 * Lets programs that run side by side write to one terminal without mixing their words. The one that began first is
 * shown as it speaks; what the others say is kept until it has ended, and then shown in whole.
 *
 * @param write writes to the terminal
 * @returns what takes a new program in
 */
export function takeTurns(write: (text: string | Uint8Array) => void): () => Speaker {
  const line: { said: (string | Uint8Array)[]; ended: boolean }[] = [];

  function show(): void {
    for (;;) {
      const [first] = line;
      for (const text of first?.said.splice(0) ?? []) write(text);
      if (!first?.ended) return;
      line.shift();
      // Those that have ended come first: what is complete need not wait for what goes on.
      const complete = line.findIndex(({ ended }) => ended);
      if (complete > 0) line.unshift(...line.splice(complete, 1));
    }
  }

  return () => {
    const speaker = { said: [] as (string | Uint8Array)[], ended: false };
    line.push(speaker);
    return {
      write(text) {
        speaker.said.push(text);
        show();
      },
      end() {
        speaker.ended = true;
        show();
      },
    };
  };
}
