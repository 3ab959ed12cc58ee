import type { AuthFields } from "@repo/session";

/** What a session of this app holds. JSON can hold it, or `sessions<Fields>()` does not compile. */
export interface Fields extends AuthFields {
  visits?: number;
  note?: string;
}
