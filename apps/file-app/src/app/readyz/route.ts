import { isStopping, problem, route } from "@repo/session";
import { plain } from "@/answer";
import { ready } from "@/session";

export const dynamic = "force-dynamic";

/** Able to serve visitors: the store answers, and nobody has asked this process to stop. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  async GET() {
    if (isStopping()) return problem(503, "Stopping", "This dyno finishes what it has begun.");
    await ready();
    return plain({ status: "ok" });
  },
});
