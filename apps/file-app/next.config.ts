import { createHash } from "node:crypto";
import { join } from "node:path";
import type { NextConfig } from "next";

// Dynos of two releases overlap during a deploy. If each build had its own key, a page from the old release
// could not submit its forms to the new one; derived from ACTIONS_SECRET, the key is the same in every build.
const { ACTIONS_SECRET } = process.env;
if (ACTIONS_SECRET)
  process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = createHash("sha256")
    .update(ACTIONS_SECRET)
    .digest("base64");

const config: NextConfig = {
  output: "standalone",
  outputFileTracingRoot: join(import.meta.dirname, "../.."),
  transpilePackages: ["@repo/colors", "@repo/session", "@repo/ui"],
  poweredByHeader: false,
  // Fixed by the code that is built: turbo's hash of everything that goes into the build, the same on each dyno. A page
  // of another release notices by it that its router no longer fits, and loads the page as a whole instead.
  deploymentId: process.env.TURBO_HASH,
  experimental: {
    // The proxy keeps a copy of each body that passes it, by default up to 10 MB.
    proxyClientMaxBodySize: "1mb",
    // A deploy and CI build once, from a clean checkout: writing 53 MB for a next time was a quarter of a build's CPU.
    turbopackFileSystemCacheForBuild: false,
  },
  async headers() {
    return [
      {
        source: "/:path*",
        headers: [
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "Referrer-Policy", value: "same-origin" },
          {
            key: "Content-Security-Policy",
            value: "frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
          },
        ],
      },
    ];
  },
};

export default config;
