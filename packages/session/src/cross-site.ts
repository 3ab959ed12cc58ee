/**
 * True for a request that another site's page makes. Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`;
 * a sibling under the same domain counts as another site. What sends neither (curl, k6) is no browser, and so
 * carries nobody's cookies unawares.
 */
export function isCrossSite(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site) return site !== "same-origin" && site !== "none";
  const origin = headers.get("origin");
  return origin !== null && hostOf(origin) !== headers.get("host");
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
