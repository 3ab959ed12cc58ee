import { describe, inject } from "vitest";
import { newVisitor, type Visitor } from "./visitor.ts";

interface AskedApp {
  name: string;
  /** As the app's own pages send it. */
  origin: string;
  /** A new browser each time. */
  visitor(): Visitor;
}

/** The same tests for every app. */
export function eachApp(tests: (app: AskedApp) => void): void {
  describe.each(inject("apps"))("$name", ({ name, url }) => {
    tests({ name, origin: url, visitor: () => newVisitor(url) });
  });
}
