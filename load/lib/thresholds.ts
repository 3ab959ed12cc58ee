import type { Verdict } from "./result.ts";

/** k6's exit code is 0 when these hold, so they say the same as `judge`, by what is expected. */
export function thresholds(expected: Verdict): Record<string, string[]> {
  if (expected === "not tested") return { conclusive: ["rate==0"] };
  return {
    conclusive: ["rate>0"],
    held: [expected === "works" ? "rate==1" : "rate<1"],
  };
}
