export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export type Progress = ReturnType<typeof createProgress>;

/**
 * Says what is going on. On a terminal the last lines are a status that is drawn again and again, with finished
 * things above it; anywhere else there are only the lines for what is finished.
 */
export function createProgress(output: Output, status: () => string[]) {
  const live = output.isTTY === true;
  let drawn = 0;
  const erase = () => {
    if (drawn > 0) output.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = () => {
    const width = (output.columns ?? 80) - 1;
    // A longer line would take two, and could not be erased as one.
    const lines = status().map((line) => line.slice(0, width));
    output.write(lines.map((line) => `${line}\n`).join(""));
    drawn = lines.length;
  };
  const redraw = () => {
    erase();
    draw();
  };
  const timer = live ? setInterval(redraw, 250) : undefined;
  timer?.unref();
  return {
    /** A line that stays. */
    line(text: string) {
      erase();
      output.write(`${text}\n`);
      if (live) draw();
    },
    close() {
      clearInterval(timer);
      erase();
    },
  };
}
