import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FAULT_KINDS, OPERATION_KINDS, type Operation } from "@repo/history/operation";
import { summarySchema, verdictSchema } from "@repo/load/summary-schema";
import { traitsSchema } from "@repo/registry/traits";
import { z } from "zod";

const visitSchema = z.strictObject({
  /** "" if no dyno answered. */
  dyno: z.string(),
  /** `new`: the visitor had no session and got one. `failed`: no response that says anything about the session. */
  outcome: z.enum(["new", "found", "lost", "failed"]),
});

/** In a strip: a visit, an event, or the number of visits left out because there were too many to draw. */
const markSchema = z.union([
  visitSchema,
  z.strictObject({ event: z.string(), moment: z.enum(["begins", "is over"]) }),
  z.strictObject({ skipped: z.number() }),
]);

const nullable = z.string().nullable();

/** A line of a recorded history: `@repo/history` describes the fields, all of which have to be here. */
const operationSchema = z.strictObject({
  ...{ op: z.enum([...OPERATION_KINDS, "fault"]), fault: z.enum(FAULT_KINDS).optional() },
  ...{ runner: z.string(), visitor: z.string(), tab: z.string() },
  ...{ start: z.number(), end: z.number().nullable() },
  ...{ brought: nullable.optional(), received: nullable, visits: z.number().nullable() },
  ...{ user: nullable, note: nullable.optional(), status: z.number(), dyno: nullable },
  ...{
    bootId: nullable,
    expiresAt: z.number().nullable().optional(),
    copy: z.boolean().optional(),
    sessions: z.array(z.string()).readonly().optional(),
    skewMs: z.number().optional(),
  },
} satisfies Record<keyof Operation, z.ZodType>);

/** Which invariants the operations of a scenario obeyed. */
const historySchema = z.strictObject({
  operations: z.number(),
  /** Answered by a 5xx or not at all. */
  unsure: z.number(),
  /** How many of each kind. */
  faults: z.record(z.string(), z.number()),
  invariants: z.array(
    z.strictObject({
      invariant: z.number(),
      title: z.string(),
      verdict: z.enum(["holds", "breaks", "not exercised"]),
      promised: z.enum(["yes", "in part", "no"]),
      violations: z.number(),
      /** How many of them the app's traits promise not to happen. */
      broken: z.number(),
      examples: z
        .array(
          z.strictObject({
            invariant: z.number(),
            rule: z.string(),
            promised: z.boolean(),
            message: z.string(),
            /** The operations that show it, by start. */
            witnesses: z.array(operationSchema),
          }),
        )
        .optional(),
    }),
  ),
});

/** What the scenario's script summed up, and what `bin/compare` adds. */
const scenarioResultSchema = summarySchema
  .pick({
    question: true,
    verdict: true,
    reason: true,
    dynosSeen: true,
    affinity: true,
    requests: true,
    failedRequests: true,
    figures: true,
    headline: true,
  })
  .extend({
    /** What the app's traits promise; `null` if they say nothing. */
    expected: verdictSchema.nullable(),
    asExpected: z.boolean(),
    history: historySchema.optional(),
    /** One visitor's visits, in order, and the events between them. */
    strip: z.array(markSchema).optional(),
    seconds: z.number(),
    /** The raw files, relative to `results.json`. */
    raw: z.array(z.string()),
    /** The k6 command that runs the same script by hand. */
    command: z.string(),
  });

const appResultSchema = z.strictObject({
  /** The column: `db-app`, `cache-app:redis`, `file-app:affinity`. */
  name: z.string(),
  /** The title of the strategy: `Database`. */
  strategy: z.string(),
  /** The plan of the add-on that is the session store, such as `memcachier:dev`; `null` if there is none. */
  store: z.string().nullable(),
  /** Whether the router had session affinity. */
  affinity: z.boolean(),
  /** The address of a deployed app. */
  url: z.string().optional(),
  /** `null` for a deployed app whose traits are not declared. */
  traits: traitsSchema.partial({ listsSessions: true }).nullable(), // absent in results from before it was measured
  seconds: z.number(),
  /** Why nothing, or not everything, could be measured. */
  error: z.string().optional(),
  scenarios: z.record(z.string(), scenarioResultSchema),
});

const machineSchema = z.strictObject({
  cores: z.number(),
  memoryBytes: z.number(),
  cpu: z.string(),
  os: z.string(),
});

/** `results.json`, as `bin/compare` writes it. */
const resultsSchema = z.strictObject({
  schema: z.literal(1),
  /** ISO 8601. */
  startedAt: z.string(),
  /** How long measuring took, without set-up and build. */
  seconds: z.number(),
  /** `false` if the run was stopped before its end. */
  complete: z.boolean(),
  /** Web dynos of each app; `null` if deployed apps were measured. */
  dynos: z.number().nullable(),
  /** The command line, to repeat the run. */
  command: z.string(),
  versions: z.record(z.string(), z.string()),
  machine: machineSchema,
  apps: z.array(appResultSchema),
});

export type Visit = z.infer<typeof visitSchema>;
export type Mark = z.infer<typeof markSchema>;
export type ScenarioResult = z.infer<typeof scenarioResultSchema>;
export type AppResult = z.infer<typeof appResultSchema>;
export type HistoryResult = z.infer<typeof historySchema>;
export type WitnessedViolation = NonNullable<
  HistoryResult["invariants"][number]["examples"]
>[number];
export type Machine = z.infer<typeof machineSchema>;
export type Results = z.infer<typeof resultsSchema>;

/**
 * @param source the file's name, for the message
 * @throws an `Error` that names each wrong field
 */
export function checkResults(value: unknown, source = "results.json"): Results {
  const results = resultsSchema.safeParse(value);
  if (results.success) return results.data;
  throw new Error(`[report] \`${source}\` is not valid.\n${z.prettifyError(results.error)}`);
}

/**
 * Reads `results.json` from a folder that `bin/compare` wrote.
 *
 * @throws an `Error` if there is none, or if it is not valid
 */
export function readResults(folder: string): Results {
  const file = join(folder, "results.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error(`[report] No \`results.json\` in \`${folder}\`. Run \`bin/compare\` first.`);
  }
  return checkResults(JSON.parse(text), file);
}
