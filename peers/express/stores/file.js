import session from "express-session";
import fileStore from "session-file-store";
import { options } from "./common.js";

const FileStore = fileStore(session);

export default session({ ...options, store: new FileStore({ logFn() {} }) });
