import { type Command, Option } from "commander";
import { callApp } from "../control/client.ts";
import { LOG_SOURCES, type LogQuery } from "../log-query.ts";
import { colourLine, say } from "./output.ts";
import { addVerb, call, type Flags } from "./verb.ts";

interface LogFlags extends Flags, Pick<LogQuery, "source" | "dyno"> {
  num: string;
  tail?: boolean;
}

export function addLogsVerb(program: Command): void {
  addVerb(program, "logs", "show the last lines of the log")
    .option("-t, --tail", "go on with what comes")
    .option("-n, --num <number>", "how many lines", "100")
    .addOption(new Option("-s, --source <source>", "only these").choices(LOG_SOURCES))
    .option("-d, --dyno <dyno>", "only one dyno, e.g. web.1")
    .action(async ({ num, source, dyno, tail, ...flags }: LogFlags) => {
      const query: LogQuery = { num: Number(num), source, dyno };
      const onLine = (line: string) => say(colourLine(line));
      if (tail) await callApp(flags.app, "tail", [query], { onLine });
      else for (const line of await call(flags, "logs", query)) onLine(line);
    });
}
