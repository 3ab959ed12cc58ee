import { expect, test } from "vitest";
import { isCrossSite } from "./cross-site.ts";

const host = "app.example";

test.each([
  ["neither header (curl, k6)", {}, false],
  ["our own page", { "sec-fetch-site": "same-origin", origin: "https://app.example" }, false],
  ["an address typed by the user", { "sec-fetch-site": "none" }, false],
  ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, true],
  ["a sibling under the same domain", { "sec-fetch-site": "same-site" }, true],
  [
    "another site, by its Sec-Fetch-Site alone",
    { "sec-fetch-site": "cross-site", origin: "https://app.example" },
    true,
  ],
  ["an old browser on our page", { origin: "https://app.example" }, false],
  ["an old browser on another site", { origin: "https://evil.example" }, true],
  ["the same host without TLS", { origin: "http://app.example" }, true],
  ["the same host by another scheme", { origin: "ftp://app.example" }, true],
  ["the same host by a scheme that is none", { origin: "x-app://app.example" }, true],
  ["the default port, spelled out", { origin: "https://app.example:443" }, false],
  ["a site without TLS", { origin: "http://app.example", "x-forwarded-proto": "http" }, false],
  [
    "a chain of routers, the first of which had TLS",
    { origin: "https://app.example", "x-forwarded-proto": "https, http" },
    false,
  ],
  ["another port", { origin: "https://app.example:8443" }, true],
  ["a sandboxed frame", { origin: "null" }, true],
  ["an origin that is none", { origin: "app.example" }, true],
])("%s", (_, headers, expected) => {
  const all = { host, "x-forwarded-proto": "https", ...headers };
  expect(isCrossSite(new Headers(all as Record<string, string>))).toBe(expected);
});
