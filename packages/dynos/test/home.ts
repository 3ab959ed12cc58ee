import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

// Each test file has a state folder of its own: it never meets the apps of another one, or yours.
const home = mkdtempSync(join(tmpdir(), "dynos-test-home-"));
process.env.DYNOS_HOME = home;
afterAll(() => rmSync(home, { recursive: true, force: true }));
