import type { Router } from "./types.ts";

/** Opens the router's two ports; one that is taken is named, with the option to choose another. */
export async function listen(router: Router, httpsPort?: number) {
  try {
    return await router.listen();
  } catch (cause) {
    const { code, port } = cause as NodeJS.ErrnoException & { port?: number };
    if (code !== "EADDRINUSE") throw cause;
    const option = port === httpsPort ? "--https-port" : "--port";
    throw new Error(`[dynos] Port ${port} is in use. Choose another one with \`${option}\`.`);
  }
}
