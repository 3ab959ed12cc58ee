import { auth } from "@/session";

/** next-auth, on this app's strategy and cookie. */
export { auth as GET, auth as POST };
