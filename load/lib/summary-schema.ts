import { z } from "zod";
import { verdicts } from "./verdict.ts";

/** k6 cannot import zod: the scripts import this file's types only. */
export const verdictSchema = z.enum(verdicts);

/** What a script writes to the file of `-e SUMMARY=file.json`. */
export const summarySchema = z.strictObject({
  schema: z.literal(1),
  scenario: z.string(),
  question: z.string(),
  /** What the app calls itself; "" if it did not answer. */
  app: z.string(),
  baseUrl: z.string(),
  verdict: verdictSchema,
  /** Why it is `not tested`, or why it breaks where the figures say so. */
  reason: z.string().optional(),
  expected: verdictSchema,
  /** True exactly when k6 exits with 0. */
  asExpected: z.boolean(),
  /** How many dynos served at one time. */
  dynosSeen: z.number(),
  /** The router keeps each visitor on one dyno, which hides what the scenario asks. A cookie or the answers show it. */
  affinity: z.boolean(),
  requests: z.number(),
  failedRequests: z.number(),
  /** Shares are between 0 and 1; times are in milliseconds unless the name says otherwise. */
  figures: z.record(z.string(), z.number()),
  /** The most telling figure, short enough for a table cell. */
  headline: z.string(),
});

export type Summary = z.infer<typeof summarySchema>;
