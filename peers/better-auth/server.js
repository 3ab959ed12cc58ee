import { randomBytes } from "node:crypto";
import { toNodeHandler } from "better-auth/node";
import express from "express";
import { auth } from "./auth.js";

const bootId = randomBytes(8).toString("hex");
const app = express();
app.use((_request, response, next) => {
  response.set({ "x-dyno": process.env.DYNO ?? "local", "x-boot-id": bootId });
  next();
});
app.get("/api/plain", (_request, response) => response.json({ session: null }));
app.all("/api/auth/*splat", toNodeHandler(auth));

const server = app.listen(process.env.PORT ?? 3000);
process.once("SIGTERM", () => server.close(() => process.exit()));
