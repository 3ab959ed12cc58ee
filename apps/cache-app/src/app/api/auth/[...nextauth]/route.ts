import { auth } from "@/session";

/** next-auth, on this app's strategy and cookie. Other methods get a 405 from the same handler. */
export { auth as GET, auth as POST, auth as PUT, auth as PATCH, auth as DELETE, auth as OPTIONS };
