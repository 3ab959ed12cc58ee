import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

// Each test file has its own state folder, apart from those of other tests and from yours.
const home = mkdtempSync(join(tmpdir(), "dynos-test-home-"));
process.env.DYNOS_HOME = home;
afterAll(() => rmSync(home, { recursive: true, force: true }));
