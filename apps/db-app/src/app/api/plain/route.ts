import { route } from "@repo/session";
import { body, plain } from "@/answer";

export const dynamic = "force-dynamic";

/** The baseline for measurements: the same answer without touching any session. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: () => plain(body(null)),
});
