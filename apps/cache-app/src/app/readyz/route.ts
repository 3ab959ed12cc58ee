import { isStopping, problem, route } from "@repo/session";
import { plainResponse } from "@/responses";
import { ready } from "@/session";

export const dynamic = "force-dynamic";

/** Readiness: the store answers, and the process is not stopping. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  async GET() {
    if (isStopping()) return problem(503, "Stopping", "This dyno is shutting down.");
    await ready();
    return plainResponse({ status: "ok" });
  },
});
