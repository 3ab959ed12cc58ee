import { auth } from "@/session";

/** next-auth, on this app's strategy and cookie. It answers the methods that it does not have, too. */
export { auth as GET, auth as POST, auth as PUT, auth as PATCH, auth as DELETE, auth as OPTIONS };
