// express-session's default: a Map in the process. Its README says that it is not meant for production.
import session from "express-session";
import { options } from "./common.js";

export default session(options);
