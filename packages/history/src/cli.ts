import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type CheckOptions, checkHistory, DEFAULT_LIMIT_MS, DEFAULT_SKEW_MS } from "./check.ts";
import { describeReport } from "./print.ts";
import { INVARIANTS, rulesOfInvariants, rulesOfTraits, type Traits } from "./promises.ts";
import { readHistory, UnusableHistoryError } from "./read.ts";

const usage = `bin/check-history [options] FILE…

Decides which invariants the recorded operations of a web app's sessions obey. A FILE has one JSON object on each line;
\`-\` is the standard input. Histories of several runners are checked together. load/README.md describes the format.

  --traits FILE      what the app promises: an app's package.json, or its \`traits\` alone
  --promises LIST    or the invariants by number: 1,4,6. Without either, all are promised
  --clock-error MS   how far the clocks of two runners may differ (0)
  --skew MS          how early or late a session may expire (${DEFAULT_SKEW_MS})
  --limit MS         how long an answer may take while its dyno runs (${DEFAULT_LIMIT_MS})
  --examples N       how many violations of each invariant to show (5)
  --json             print the report as JSON

Invariants:
${INVARIANTS.map((title, index) => `  ${String(index + 1).padEnd(2)} ${title}`).join("\n")}

Exit code: 0 where every promised invariant holds, 1 where one breaks, 2 where the input cannot be used.
`;

/** Something that the user can put right. */
class UsageError extends Error {}

/** Ends with the exit code of the process. */
async function main(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (positionals.length === 0) throw new UsageError("Which file? `bin/check-history FILE…`");
  const options: CheckOptions = {
    promises: promisesOf(values.traits, values.promises),
    clockErrorMs: wholeNumber("clock-error", values["clock-error"]),
    skewMs: wholeNumber("skew", values.skew),
    limitMs: wholeNumber("limit", values.limit),
    examples: wholeNumber("examples", values.examples),
  };
  const operations = await readHistory(positionals, showProgress);
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  if (operations.length === 0)
    throw new UnusableHistoryError(`${positionals.join(", ")}: There are no operations.`);
  const report = checkHistory(operations, options);
  process.stdout.write(
    values.json ? `${JSON.stringify(report, null, 2)}\n` : describeReport(report),
  );
  return report.ok ? 0 : 1;
}

function showProgress(operations: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${operations.toLocaleString("en-US")} read`);
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      traits: { type: "string" },
      promises: { type: "string" },
      "clock-error": { type: "string" },
      skew: { type: "string" },
      limit: { type: "string" },
      examples: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
}

function wholeNumber(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,12}$/.test(value))
    throw new UsageError(`\`--${option}\` is \`${value}\`; it has to be a whole number.`);
  return Number(value);
}

function promisesOf(file?: string, list?: string): CheckOptions["promises"] {
  if (file !== undefined && list !== undefined)
    throw new UsageError("`--traits` and `--promises` exclude each other.");
  if (file !== undefined) return rulesOfTraits(readTraits(file));
  if (list === undefined) return undefined;
  const numbers = list.split(",").map(Number);
  const wrong = numbers.some((number) => !(Number.isInteger(number) && INVARIANTS[number - 1]));
  if (wrong)
    throw new UsageError(`\`--promises\` is \`${list}\`; it has to be numbers such as \`1,4,6\`.`);
  return rulesOfInvariants(numbers);
}

function readTraits(file: string): Traits {
  let json: { strategy?: { traits?: unknown }; traits?: unknown } | null;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`\`--traits ${file}\`: ${(error as Error).message}`);
  }
  const traits = (json?.strategy?.traits ?? json?.traits ?? json ?? {}) as Traits;
  const wrong = (
    [
      "sharedByDynos",
      "survivesDynoRestart",
      "survivesStoreRestart",
      "revocable",
      "keepsParallelWrites",
    ] as const
  ).find((trait) => typeof traits[trait] !== "boolean" && traits[trait] !== null);
  if (wrong) throw new UsageError(`\`--traits ${file}\`: \`${wrong}\` has to be true or false.`);
  return traits;
}

// `| head` closes the pipe when it has seen enough
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError || error instanceof UnusableHistoryError)) throw error;
  const help = error instanceof UsageError ? "\n`bin/check-history --help` shows the options." : "";
  console.error(`[check-history] ${error.message}${help}`);
  process.exitCode = 2;
}
