// Fastify with @fastify/session on Redis, as the READMEs of @fastify/session and connect-redis show it. The routes are
// those of SPEC.md that an app with sessions has anyway.
import { createHash, randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import session from "@fastify/session";
import { RedisStore } from "connect-redis";
import fastify from "fastify";
import { createClient } from "redis";

const { DYNO = "local", PORT = 3000, REDIS_URL, ROTATION } = process.env;
const { SESSION_SECRET, SESSION_SECRET_PREVIOUS } = process.env;
const bootId = randomBytes(8).toString("hex");

const client = createClient({
  url: REDIS_URL,
  socket: { rejectUnauthorized: false }, // Heroku's certificate is signed by no public authority
});
client.on("error", () => {}); // node-redis' documentation: without a listener an outage ends the process
await client.connect();

const app = fastify({
  trustProxy: true, // Heroku's router ends TLS: without this a `secure` cookie is never sent
  bodyLimit: 1024 * 1024,
});
app.addHook("onSend", async (_request, reply) => {
  reply.headers({ "x-dyno": DYNO, "x-boot-id": bootId });
});
app.get("/api/plain", async () => ({ session: null }));
await app.register(formbody);

await app.register(async (withSession) => {
  await withSession.register(cookie);
  await withSession.register(session, {
    // With the option `rotation` a new secret signs nobody out: the first one signs, and all of them verify.
    secret: ROTATION ? [SESSION_SECRET, SESSION_SECRET_PREVIOUS].filter(Boolean) : SESSION_SECRET,
    store: new RedisStore({ client }),
    saveUninitialized: false,
    cookie: { sameSite: "lax", maxAge: 14 * 24 * 60 * 60 * 1000 },
  });

  withSession.get("/api/session", async (request) => body(request));

  withSession.post("/api/session", async (request) => {
    request.session.visits = (request.session.visits ?? 0) + 1;
    if (request.body?.note !== undefined) request.session.note = request.body.note;
    return body(request);
  });

  withSession.post("/sign-in", async (request) => {
    await request.session.regenerate(["visits", "note"]); // a new id at sign-in, against session fixation
    request.session.user = { name: String(request.body.name) };
    return body(request);
  });

  for (const [method, url] of [
    ["DELETE", "/api/session"],
    ["POST", "/sign-out"],
  ])
    withSession.route({
      method,
      url,
      async handler(request, reply) {
        await request.session.destroy();
        return reply.status(204).send();
      },
    });
});

function body({ session }) {
  const { visits, note = null, user = null } = session;
  if (visits === undefined && !user) return { app: "fastify", session: null };
  const fingerprint = createHash("sha256").update(session.sessionId).digest("hex").slice(0, 16);
  return { app: "fastify", session: { fingerprint, visits: visits ?? 0, note, user } };
}

await app.listen({ port: Number(PORT), host: "0.0.0.0" });
process.once("SIGTERM", () => app.close().then(() => process.exit()));
