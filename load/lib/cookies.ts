import type { CookieJar } from "k6/http";
import { baseUrl } from "./options.ts";

/** All cookies of a jar as one `Cookie` header, as somebody would have it who copied them. */
export function copyCookies(jar: CookieJar): string {
  return Object.entries(jar.cookiesForURL(`${baseUrl}/`))
    .map(([name, [value]]) => `${name}=${value}`)
    .join("; ");
}
