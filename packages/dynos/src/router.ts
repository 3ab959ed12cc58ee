import { createCore } from "./router-core.ts";
import { exchange } from "./router-exchange.ts";
import { createListeners, listenOn } from "./router-listeners.ts";
import type { Router, RouterOptions } from "./router-types.ts";
import { upgrade } from "./router-upgrade.ts";

export type * from "./router-types.ts";
export { HEROKU_TIMEOUTS } from "./router-types.ts";

/** Heroku's router for the dynos of one app: each request, not each connection, goes to a random dyno. */
export function createRouter(options: RouterOptions): Router {
  const core = createCore(options);
  const host = options.host ?? "127.0.0.1";
  const { http, https } = createListeners(core.timeouts, options.tls, {
    onRequest: (secure) => (request, response) => exchange(core, request, response, secure),
    onUpgrade: (secure) => (request, socket, head) => upgrade(core, request, socket, head, secure),
  });

  async function close() {
    const closed = [http, https].map((server) => new Promise((done) => server.close(done)));
    http.closeAllConnections();
    https.closeAllConnections();
    await core.close();
    await Promise.all(closed);
  }

  return {
    async listen() {
      try {
        core.ports.http = await listenOn(http, options.port, host);
        core.ports.https = await listenOn(https, options.httpsPort, host);
      } catch (error) {
        await close();
        throw error;
      }
      return { port: core.ports.http, httpsPort: core.ports.https };
    },
    close,
  };
}
