import { route } from "@repo/session";
import { plain } from "@/answer";

export const dynamic = "force-dynamic";

/** Alive: asks no store, so that an outage of the store restarts nobody. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: () => plain({ status: "ok" }),
});
