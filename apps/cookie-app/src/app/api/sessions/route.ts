import { route } from "@repo/session";
import { mySessionsResponse, sessionResponse } from "@/responses";
import { endOtherSessions, getSession, mySessions } from "@/session";

/** The sessions of the signed-in user, on all devices. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  async GET() {
    return mySessionsResponse(await getSession(), await mySessions());
  },

  /** Ends all of them but this one. */
  async DELETE() {
    await endOtherSessions();
    return sessionResponse(await getSession(), 204);
  },
});
