/** k6 has it, @types/k6 leaves it to the DOM's types. */
declare const console: {
  log(...parts: unknown[]): void;
  warn(...parts: unknown[]): void;
  error(...parts: unknown[]): void;
};
