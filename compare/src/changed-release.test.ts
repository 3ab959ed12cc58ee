import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { expect, onTestFinished, test, vi } from "vitest";
import { buildChangedRelease, changeCode } from "./changed-release.ts";

const FORMS = "packages/ui/src/session-forms.tsx";
const STYLE = "packages/ui/src/base.css";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "changed-release-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A folder with the code of the pages, as it is now, and what reads a file of it. */
function pages() {
  const folder = temporaryFolder();
  cpSync(join(ROOT, "packages/ui/src"), join(folder, "packages/ui/src"), { recursive: true });
  return { folder, read: (path: string) => readFileSync(join(folder, path), "utf8") };
}

test("the release that follows has another script and another style, and all else is the same", async () => {
  const { folder, read } = pages();
  await changeCode(folder);
  const files = readdirSync(join(folder, "packages/ui/src")).map(
    (name) => `packages/ui/src/${name}`,
  );
  const changed = files.filter((path) => {
    return read(path) !== readFileSync(join(ROOT, path), "utf8");
  });
  expect(changed.sort()).toEqual([STYLE, FORMS]);
  expect(read(FORMS)).toContain("Visit again");
  expect(read(STYLE)).toContain(".changed-release");
});

test("where the page has no such button, it says so instead of deploying the same code again", async () => {
  const { folder, read } = pages();
  writeFileSync(join(folder, FORMS), read(FORMS).replaceAll("Visit", "Come again"));
  await expect(changeCode(folder)).rejects.toThrow(`\`${FORMS}\` has no button "Visit"`);
});

test("stopped, it leaves no copy behind", async () => {
  const folder = temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const stopped = buildChangedRelease([], { write() {} } as never, AbortSignal.abort());
  await expect(stopped).rejects.toThrow();
  // Node may leave its own cache there.
  expect(readdirSync(folder).filter((name) => name.startsWith("changed-release-"))).toEqual([]);
});
