import { describe, inject } from "vitest";
import { newVisitor, type Visitor } from "./visitor.ts";

/** The same tests for every app. `visitor()` is a new browser each time. */
export function eachApp(tests: (app: { name: string; visitor: () => Visitor }) => void): void {
  describe.each(inject("apps"))("$name", ({ name, url }) => {
    tests({ name, visitor: () => newVisitor(url) });
  });
}
