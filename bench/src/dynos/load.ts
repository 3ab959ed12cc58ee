import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { Client } from "undici";

const autocannon = fileURLToPath(import.meta.resolve("autocannon"));

/** Requests a second on 16 connections, sent by a separate process. */
export async function requestsPerSecond(url: string, seconds: number): Promise<number> {
  return (await load(url, "-d", String(seconds))).requests.average;
}

export async function sendRequests(url: string, amount: number): Promise<void> {
  await load(url, "-a", String(amount));
}

type Result = { requests: { average: number }; non2xx: number; errors: number };

async function load(url: string, ...amount: string[]): Promise<Result> {
  const args = [autocannon, "-c", "16", ...amount, "--json", url];
  const { stdout } = await execa(process.execPath, args);
  const result = JSON.parse(stdout) as Result;
  if (result.non2xx + result.errors > 0) throw new Error(`[bench] ${url} failed: ${stdout}`);
  return result;
}

/** The time of each request in milliseconds, one after another on one connection. */
export async function latenciesMs(
  origin: string,
  path: string,
  requests: number,
): Promise<number[]> {
  const client = new Client(origin);
  const times: number[] = [];
  for (let i = 0; i < requests; i++) {
    const since = performance.now();
    const { body } = await client.request({ path, method: "GET" });
    await body.dump();
    times.push(performance.now() - since);
  }
  await client.close();
  return times;
}
