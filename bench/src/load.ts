import { Client } from "undici";

export interface Target {
  readonly method: "GET" | "POST";
  readonly path: string;
}

export interface Load {
  /** Sends requests to the target, the next on each connection as soon as the last is answered. */
  run(target: Target, length: { requests: number } | { seconds: number }): Promise<Ran>;
  close(): Promise<void>;
}

export interface Ran {
  readonly requests: number;
  readonly seconds: number;
}

/**
 * Connections to an app, which stay open, each with a visitor of its own for each path.
 *
 * @throws an error from `run` where an answer is not 2xx
 */
export function startLoad(url: string, connections: number): Load {
  const clients = Array.from({ length: connections }, () => new Client(url));
  const visitors = new Map<string, Map<Client, string>>();

  async function send(client: Client, { method, path }: Target, cookies: Map<Client, string>) {
    const cookie = cookies.get(client);
    const { statusCode, headers, body } = await client.request({
      method,
      path,
      headers: cookie ? { cookie } : {},
    });
    await body.dump();
    if (statusCode >= 300) throw new Error(`[bench] ${method} ${path} answered ${statusCode}.`);
    // Where the data is in the cookie, each answer to a write brings a new one.
    const [setCookie] = [headers["set-cookie"] ?? []].flat();
    if (setCookie) cookies.set(client, setCookie.split(";", 1)[0] ?? "");
  }

  async function cookiesOf(path: string): Promise<Map<Client, string>> {
    const known = visitors.get(path);
    if (known) return known;
    const cookies = new Map<Client, string>();
    visitors.set(path, cookies);
    if (path === "/api/plain") return cookies;
    await Promise.all(clients.map((client) => send(client, { method: "POST", path }, cookies)));
    if (cookies.size < connections) throw new Error(`[bench] POST ${path} set no cookie.`);
    return cookies;
  }

  return {
    async run(target, length) {
      const cookies = await cookiesOf(target.path);
      const started = performance.now();
      const end = "seconds" in length ? started + length.seconds * 1000 : Number.POSITIVE_INFINITY;
      const most = "requests" in length ? length.requests : Number.POSITIVE_INFINITY;
      let requests = 0;
      await Promise.all(
        clients.map(async (client) => {
          while (requests < most && performance.now() < end) {
            requests += 1;
            await send(client, target, cookies);
          }
        }),
      );
      return { requests, seconds: (performance.now() - started) / 1000 };
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
