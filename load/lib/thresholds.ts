import type { Verdict } from "./result.ts";

/** k6's exit code is 0 when these hold, so they say the same as `judge`, by what is expected. */
export function thresholds(expected: Verdict): Record<string, string[]> {
  // k6 lets a rate without samples pass, but not a counter: so a run that ends early fails here
  const finished = ["count>0"];
  if (expected === "not tested") return { finished, conclusive: ["rate==0"] };
  return {
    finished,
    conclusive: ["rate>0"],
    held: [expected === "works" ? "rate==1" : "rate<1"],
  };
}
