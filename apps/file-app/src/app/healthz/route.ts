import { route } from "@repo/session";
import { plainResponse } from "@/responses";

export const dynamic = "force-dynamic";

/** Liveness. It does not ask the store, so that an outage of the store restarts no dyno. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: () => plainResponse({ status: "ok" }),
});
