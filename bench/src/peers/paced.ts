import { setTimeout as pause } from "node:timers/promises";
import { Client } from "undici";

const VISITORS = 10;

/** Visitors of one app, each with its cookies and a connection that stays open. */
export interface Visitors {
  /**
   * So many requests a second, whether or not the ones before are answered.
   *
   * @returns how long each took, in milliseconds
   * @throws for an answer that is not 2xx
   */
  ask(target: Target, perSecond: number, seconds: number): Promise<number[]>;
  /** So many requests, one after the other. */
  askInTurn(target: Target, requests: number): Promise<void>;
  close(): Promise<void>;
}

export interface Target {
  readonly method: "GET" | "POST";
  readonly path: string;
}

interface Visitor {
  readonly client: Client;
  readonly cookies: Map<string, string>;
}

export async function startVisitors(url: string): Promise<Visitors> {
  const visitors: Visitor[] = Array.from({ length: VISITORS }, () => ({
    client: new Client(url),
    cookies: new Map(),
  }));
  const visit: Target = { method: "POST", path: "/api/session" };
  for (const visitor of visitors) {
    await send(visitor, visit);
    if (visitor.cookies.size === 0) throw new Error(`[bench] ${url} set no cookie.`);
  }
  const visitorOf = (request: number) => visitors[request % VISITORS] as Visitor;
  return {
    async ask(target, perSecond, seconds) {
      const started = performance.now();
      const answers = Array.from({ length: perSecond * seconds }, async (_, request) => {
        await pause(Math.max(0, started + (request * 1000) / perSecond - performance.now()));
        const sent = performance.now();
        await send(visitorOf(request), target);
        return performance.now() - sent;
      });
      return Promise.all(answers);
    },
    async askInTurn(target, requests) {
      for (let request = 0; request < requests; request += 1) {
        await send(visitorOf(request), target);
      }
    },
    async close() {
      await Promise.all(visitors.map(({ client }) => client.close()));
    },
  };
}

/** Without a body: reading one is no work of the session. */
async function send({ client, cookies }: Visitor, { method, path }: Target): Promise<void> {
  const { statusCode, headers, body } = await client.request({
    method,
    path,
    headers: {
      cookie: [...cookies].map((pair) => pair.join("=")).join("; "),
      "x-forwarded-proto": "https", // as behind a router that ends TLS: Express sets no Secure cookie without it
    },
  });
  await body.dump();
  if (statusCode >= 300) throw new Error(`[bench] ${method} ${path} answered ${statusCode}.`);
  for (const line of [headers["set-cookie"] ?? []].flat()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    cookies.set(name, value);
  }
}
