import { createCore } from "./admission.ts";
import { proxyRequest } from "./http.ts";
import { createListener, type Handlers } from "./listener.ts";
import type { Router, RouterOptions } from "./types.ts";
import { proxyUpgrade } from "./upgrade.ts";

export type { RequestEvent } from "./types.ts";

/**
 * Heroku's Router 2.0 for the dynos of one app: each request, not each connection, goes to a random dyno. It follows
 * https://devcenter.heroku.com/articles/http-routing (31 Jul 2025); what that page leaves open is marked "unsourced"
 * where it is decided.
 */
export function createRouter(options: RouterOptions): Router {
  const core = createCore(options);
  const handlers = (secure: boolean): Handlers => ({
    request: (request, response) => proxyRequest(core, request, response, secure),
    upgrade: (request, socket, head) => proxyUpgrade(core, request, socket, head, secure),
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
