import type { Answer } from "./http.ts";
import type { Visitor } from "./visitor.ts";

/** Where sessions are not shared, one of 10 dynos is met within so many reads but for once in 70. */
const reads = 40;

/** Notes of a given length, kept in a visitor's session. */
export function createNotes(visitor: Visitor) {
  const block = Array.from({ length: 64 }, () => Math.random().toString(36).slice(2)).join("");
  let written = "";

  return {
    write(bytes: number): Promise<Answer> {
      written = block.repeat(Math.ceil(bytes / block.length)).slice(0, bytes);
      const body = JSON.stringify({ note: written });
      return visitor.send("POST", "/api/session", { body, accept: "any" });
    },
    /** How long the note is that the session has; -1 where no dyno has the session. */
    async length(): Promise<number> {
      for (let read = 0; read < reads; read++) {
        const session = (await visitor.send("GET", "/api/session")).session();
        if (session) return session.note?.length ?? 0;
      }
      return -1;
    },
    /** Whether a note of so many bytes comes back whole. */
    async keep(bytes: number): Promise<boolean> {
      return (await this.write(bytes)).status === 200 && (await this.length()) === bytes;
    },
  };
}
