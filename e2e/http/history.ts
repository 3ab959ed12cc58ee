import { createHash } from "node:crypto";
import type { Answer } from "./visitor.ts";

/** One line of a history: what was sent, and what came back. null where there was none of it. */
export interface Operation {
  runner: string;
  visitor: string;
  tab: string;
  op: "read" | "visit" | "note" | "sign-in" | "sign-out" | "regenerate";
  /** Milliseconds since 1970. */
  start: number;
  end: number;
  /** Fingerprints of the session that the request brought, and of the one that the answer gave. */
  brought: string | null;
  received: string | null;
  visits: number | null;
  user: string | null;
  /** 0 where no answer came. */
  status: number;
  dyno: string | null;
  bootId: string | null;
}

/** What `info.fingerprint` of a session on a server is, from its cookie (`name=id`). */
export function fingerprintOf(cookie: string): string | null {
  const id = cookie.split("=")[1];
  return id ? createHash("sha256").update(`fingerprint:${id}`).digest("hex").slice(0, 16) : null;
}

type Who = Pick<Operation, "visitor" | "tab" | "op" | "brought">;

/** Operations in the order of their starts, as JSON lines. */
export function newHistory(runner: string) {
  const operations: Operation[] = [];
  return {
    operations,
    /** Sends, and writes down who asked what, when, and what came of it. */
    async record(who: Who, send: () => Promise<Answer>): Promise<Answer | null> {
      const start = Date.now();
      const answer = await send().catch(() => null);
      const session = answer?.status === 200 ? answer.json?.session : null;
      const setCookie = answer?.cookies.find((line) => line.startsWith("__Host-session="));
      operations.push({
        runner,
        ...who,
        start,
        end: Date.now(),
        received: session?.fingerprint ?? fingerprintOf(setCookie?.split(";")[0] ?? ""),
        visits: session?.visits ?? null,
        user: session?.user?.name ?? null,
        status: answer?.status ?? 0,
        dyno: answer?.headers["x-dyno"] ?? null,
        bootId: answer?.headers["x-boot-id"] ?? null,
      });
      return answer;
    },
    toString: () =>
      operations
        .sort((a, b) => a.start - b.start)
        .map((operation) => `${JSON.stringify(operation)}\n`)
        .join(""),
  };
}
