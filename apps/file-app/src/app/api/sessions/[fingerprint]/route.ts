import { problem, route } from "@repo/session";
import { sessionResponse } from "@/responses";
import { endSession, getSession } from "@/session";

interface Context {
  params: Promise<{ fingerprint: string }>;
}

/** Ends one session of the signed-in user, this one too. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<Context>({
  async DELETE(_, { params }) {
    const { fingerprint } = await params;
    if (await endSession(fingerprint)) return sessionResponse(await getSession(), 204);
    return problem(
      404,
      "No such session",
      "You have no session with this fingerprint. Read the list again.",
    );
  },
});
