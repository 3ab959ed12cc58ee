export { markdownReport } from "./markdown.ts";
export { htmlReport } from "./page.ts";
export { checkResults, readResults } from "./read.ts";
export type * from "./results.ts";
export { terminalReport } from "./terminal.ts";
