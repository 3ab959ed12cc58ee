// One Express app on six session stores. STORE names the file in stores/ that brings the session middleware, written
// as that library's README shows it. The routes are those of SPEC.md that an app with sessions has anyway.
import { createHash, randomBytes } from "node:crypto";
import express from "express";

const { default: session } = await import(`./stores/${process.env.STORE}.js`);
const bootId = randomBytes(8).toString("hex");

const app = express();
app.set("trust proxy", 1); // Heroku's router ends TLS: without this a `secure` cookie is never sent
app.use((_request, response, next) => {
  response.set({ "x-dyno": process.env.DYNO ?? "local", "x-boot-id": bootId });
  next();
});
app.get("/api/plain", (_request, response) => response.json({ session: null }));
app.use(session);
app.use(express.json({ limit: "1mb" }), express.urlencoded());

app.get("/api/session", (request, response) => response.json(body(request)));

app.post("/api/session", (request, response) => {
  request.session.visits = (request.session.visits ?? 0) + 1;
  if (request.body?.note !== undefined) request.session.note = request.body.note;
  response.json(body(request));
});

app.delete("/api/session", async (request, response) => {
  await end(request);
  response.status(204).end();
});

app.post("/sign-in", async (request, response) => {
  const { visits, note } = request.session;
  await renew(request); // a new id at sign-in, against session fixation (express-session's README, "User login")
  Object.assign(request.session, { visits, note, user: { name: String(request.body?.name) } });
  response.json(body(request));
});

app.post("/sign-out", async (request, response) => {
  await end(request);
  response.status(204).end();
});

/** cookie-session has neither an id nor `regenerate`: its session is the cookie. */
async function renew(request) {
  if (!request.session.regenerate) {
    request.session = {};
    return;
  }
  await new Promise((done, fail) =>
    request.session.regenerate((error) => (error ? fail(error) : done())),
  );
}

async function end(request) {
  if (!request.session.destroy) {
    request.session = null;
    return;
  }
  await new Promise((done, fail) =>
    request.session.destroy((error) => (error ? fail(error) : done())),
  );
}

function body({ session, sessionID }) {
  const { visits, note = null, user = null } = session;
  if (visits === undefined && !user) return { app: "express", session: null };
  if (!sessionID) session.id ??= randomBytes(16).toString("hex"); // cookie-session: kept in the cookie
  const fingerprint = createHash("sha256")
    .update(sessionID ?? session.id)
    .digest("hex")
    .slice(0, 16);
  return { app: "express", session: { fingerprint, visits: visits ?? 0, note, user } };
}

const server = app.listen(process.env.PORT ?? 3000);
process.once("SIGTERM", () => server.close(() => process.exit()));
