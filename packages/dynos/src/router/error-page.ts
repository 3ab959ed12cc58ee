import type { HCode } from "./codes.ts";
import { H_CODES } from "./codes.ts";

const TITLES: Record<number, string> = {
  400: "This request cannot be read",
  502: "This answer cannot be passed on",
};

/** What the visitor sees instead of the app. The code is for the developer, who finds it again in the router's log. */
export function errorPage(code: HCode): string {
  const { desc, status } = H_CODES[code];
  const title = TITLES[status] ?? "The application did not answer";
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:20vh auto 0;padding:0 1rem;color-scheme:light dark}</style>
</head>
<body>
<h1>${title}</h1>
<p>If you run this application, its log says why: look for <code>code=${code}</code> (${desc}) in <code>dynos logs --source router</code>.</p>
</body>
</html>
`;
}
