import { callApp, runningApps } from "../control/client.ts";
import type { ControlVerb } from "../control/protocol.ts";

/** What the page may do, and the form of the one parameter that each takes. */
const ACTIONS: Partial<Record<ControlVerb, (parameter: unknown) => boolean>> = {
  scale: (to) => {
    const web = (to as { web?: unknown } | null)?.web;
    return Number.isInteger(web) && (web as number) >= 0 && (web as number) <= 16;
  },
  restart: (which) => which === undefined || typeof which === "string",
  cycle: (nothing) => nothing === undefined,
  kill: (which) => typeof which === "string",
  addonStop: (which) => typeof which === "string",
  addonStart: (which) => typeof which === "string",
  addonRestart: (which) => typeof which === "string",
  setAffinity: (on) => typeof on === "boolean",
};

/** `{ app, verb, parameter }` as JSON: does it, and resolves when its effect is complete. */
export async function actOn(body: string): Promise<{ status: number; body: { error?: string } }> {
  const bad = (error: string) => ({ status: 400, body: { error } });
  let asked: { app?: unknown; verb?: unknown; parameter?: unknown };
  try {
    asked = JSON.parse(body) ?? {};
  } catch {
    return bad("That was no JSON.");
  }
  const { app, verb, parameter } = asked;
  if (typeof app !== "string" || !runningApps().includes(app)) return bad("There is no such app.");
  const takes = typeof verb === "string" && Object.hasOwn(ACTIONS, verb) && ACTIONS[verb as "kill"];
  if (!takes) return bad("The page cannot do that.");
  if (!takes(parameter)) return bad(`That is nothing to ${verb}.`);
  try {
    await callApp(app, verb as ControlVerb, [parameter]);
    return { status: 200, body: {} };
  } catch (error) {
    return { status: 409, body: { error: (error as Error).message } };
  }
}
