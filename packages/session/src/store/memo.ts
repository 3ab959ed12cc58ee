/** Keeps what was set last, for so many keys. The oldest goes first. */
export class Memo<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key); // a key keeps its place in a Map, and what is set now is the newest
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#most) return;
    const [oldest = key] = this.#entries.keys();
    this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
