import { route } from "@repo/session/route";
import { body, servedBy } from "@/answer";

export const dynamic = "force-dynamic";

/** The baseline for measurements: the same answer without touching any session. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: () => Response.json(body(null), { headers: servedBy() }),
});
