import { quickScenarios } from "./options.ts";

export const help = `Which session strategies work across several dynos? Measured, here and now.

bin/compare [--apps db-app,file-app] [--scenarios continuity,restart] [--quick] [--dynos 3]
            [--out DIR] [--url NAME=URL]… [--open]

  --apps        columns: the folders in apps/, their variants (cache-app:redis), and
                file-app:affinity, which is file-app with session affinity on. Default: all.
  --scenarios   questions: the scripts in load/, without .ts. Default: all.
  --quick       asks only ${quickScenarios.join(", ")}.
  --dynos       web dynos of each app. Default: 3.
  --out         where the raw results and the report go. Default: results/<time>.
  --url         measures a deployed app instead of local dynos; may be repeated. Called like a
                folder in apps/, it is expected to do what that folder's traits promise.
  --open        shows the report in the browser afterwards.

Ctrl-C stops everything and keeps what was measured.

Exit code: 0 when every verdict is what the apps' declared traits promise, 1 when a measurement
contradicts one, 2 when it could not run or a question found no answer, 130 when it was stopped.`;
