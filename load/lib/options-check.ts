import { type Verdict, verdicts } from "./result.ts";

export function isLoopback(url: string): boolean {
  const host = /^https?:\/\/(\[[^\]]*\]|[^:/?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}

export function isVerdict(text: string): Verdict {
  const verdict = verdicts.find((one) => one === text);
  if (verdict) return verdict;
  throw new Error(
    `[load] The option \`EXPECT\` is "${text}". Give one of: ${verdicts.map((one) => `"${one}"`).join(", ")}.`,
  );
}
