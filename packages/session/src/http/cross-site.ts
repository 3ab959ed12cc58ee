/**
 * True for a request that another site's page makes. Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`,
 * whose scheme, host and port must all be the request's own; a sibling under the same domain counts as another
 * site. What sends neither (curl, k6) is no browser, and so carries nobody's cookies unawares.
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
