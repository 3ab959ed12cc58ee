import { createCore } from "./admission.ts";
import { exchange } from "./http.ts";
import { createListener } from "./listener.ts";
import type { Router, RouterOptions } from "./types.ts";
import { upgrade } from "./upgrade.ts";

export type * from "./types.ts";
export { HEROKU_TIMEOUTS } from "./types.ts";

/** Heroku's router for the dynos of one app: each request, not each connection, goes to a random dyno. */
export function createRouter(options: RouterOptions): Router {
  const core = createCore(options);
  const handlers = (secure: boolean): Parameters<typeof createListener>[1] => ({
    request: (request, response) => exchange(core, request, response, secure),
    upgrade: (request, socket, head) => upgrade(core, request, socket, head, secure),
  });
  const http = createListener(core.timeouts, handlers(false));
  const https = createListener(core.timeouts, handlers(true), options.tls);

  async function close() {
    await Promise.all([http.close(), https.close()]);
    await core.close();
  }

  return {
    async listen() {
      const host = options.host ?? "127.0.0.1";
      try {
        core.ports.http = await http.listen(options.port, host);
        core.ports.https = await https.listen(options.httpsPort, host);
      } catch (error) {
        await close();
        throw error;
      }
      return { port: core.ports.http, httpsPort: core.ports.https };
    },
    close,
  };
}
