import { callApp, runningApps } from "../control/client.ts";
import type { ControlVerb } from "../control/protocol.ts";

/** The verbs that the page may call, and whether a parameter is valid for each. */
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

/**
 * Calls the verb in `{ app, verb, parameter }`, given as JSON. Resolves when its effect is complete.
 * @returns the status and body of the answer: 400 for what is not valid, 409 for what the app rejects
 */
export async function actOn(body: string): Promise<{ status: number; body: { error?: string } }> {
  const bad = (error: string) => ({ status: 400, body: { error } });
  let asked: { app?: unknown; verb?: unknown; parameter?: unknown };
  try {
    asked = JSON.parse(body) ?? {};
  } catch {
    return bad("The body is not JSON.");
  }
  const { app, verb, parameter } = asked;
  if (typeof app !== "string" || !runningApps().includes(app)) return bad("That app is not up.");
  const takes = typeof verb === "string" && Object.hasOwn(ACTIONS, verb) && ACTIONS[verb as "kill"];
  if (!takes) return bad("The page has no such action.");
  if (!takes(parameter)) return bad(`The parameter of \`${verb}\` is not valid.`);
  try {
    await callApp(app, verb as ControlVerb, [parameter]);
    return { status: 200, body: {} };
  } catch (error) {
    return { status: 409, body: { error: (error as Error).message } };
  }
}
