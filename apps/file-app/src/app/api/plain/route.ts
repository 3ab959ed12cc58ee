import { route } from "@repo/session";
import { plainResponse, toBody } from "@/responses";

export const dynamic = "force-dynamic";

/** The baseline for measurements: the same answer without touching any session. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: () => plainResponse(toBody(null)),
});
