import { describe, inject, test } from "vitest";
import { newVisitor, type Visitor } from "./visitor.ts";

interface AskedApp {
  name: string;
  /** As the app's own pages send it. */
  origin: string;
  /** A new browser each time. */
  visitor(): Visitor;
}

/** The same tests for every app. One whose server is missing fails once, which bin/test counts as skipped. */
export function eachApp(tests: (app: AskedApp) => void): void {
  test.each(inject("leftOut"))("$name is up", ({ says }) => {
    throw new Error(says);
  });
  describe.each(inject("apps"))("$name", ({ name, url }) => {
    tests({ name, origin: url, visitor: () => newVisitor(url) });
  });
}
