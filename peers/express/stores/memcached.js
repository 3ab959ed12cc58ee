// connect-memjs reads MEMCACHIER_SERVERS, MEMCACHIER_USERNAME and MEMCACHIER_PASSWORD by itself.
import connectMemjs from "connect-memjs";
import session from "express-session";
import { options } from "./common.js";

const MemcachedStore = connectMemjs(session);

export default session({ ...options, store: new MemcachedStore({}) });
