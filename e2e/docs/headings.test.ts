import { expect, test } from "vitest";
import { documents, headings, textOf } from "./documents.ts";

const ofApps = documents.filter((path) => /^apps\/[^/]+\/README\.md$/.test(path));

test("every app has a README", () => {
  expect(ofApps.length).toBeGreaterThanOrEqual(4);
});

test.each(ofApps)(
  "%s is called like its folder, and has the same headings as the others",
  (path) => {
    const [title, ...sections] = headings(textOf(path));
    expect(title).toBe(path.split("/")[1]);
    expect(sections).toEqual(headings(textOf(ofApps[0] ?? "")).slice(1));
  },
);
