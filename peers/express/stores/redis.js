import { RedisStore } from "connect-redis";
import session from "express-session";
import { createClient } from "redis";
import { options } from "./common.js";

const client = createClient({
  url: process.env.REDIS_URL,
  socket: { rejectUnauthorized: false }, // Heroku's certificate is signed by no public authority
});
client.on("error", () => {}); // node-redis' documentation: without a listener an outage ends the process
await client.connect();

export default session({ ...options, store: new RedisStore({ client }) });
