/**
 * True for a request from another site's page. Browsers send `Sec-Fetch-Site`; older ones send `Origin`, whose scheme,
 * host and port must all be those of the request. A sibling under the same domain counts as another site. A client that
 * sends neither (curl, k6) is not a browser, so no page can use it to send a visitor's cookies.
 *
 * The scheme is that of `X-Forwarded-Proto`, which the router sets (and Next, where there is no router).
 */
export function isCrossSite(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site) return site !== "same-origin" && site !== "none";
  const origin = headers.get("origin");
  return origin !== null && originOf(origin) !== ownOrigin(headers);
}

function ownOrigin(headers: Headers): string {
  const scheme = headers.get("x-forwarded-proto")?.split(",")[0]?.trim() ?? "http";
  return originOf(`${scheme}://${headers.get("host")}`) ?? "unknown";
}

/** Not `url.origin`: that is "null" for every scheme that browsers do not load pages from. */
function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
}
