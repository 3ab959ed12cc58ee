import { describeStrategy } from "@repo/session/testing";
import pkg from "../package.json" with { type: "json" };
import { cookieStrategy } from "./session.ts";

// Two dynos have nothing in common but their secret, and the browser that brings the session.
describeStrategy("cookie", pkg.strategy.traits, async () => ({
  start: (_dyno, config) => cookieStrategy(config),
  close: async () => {},
}));
