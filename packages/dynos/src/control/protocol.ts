import type { AppState } from "./watch.ts";

/** The methods of an app that may be called over its socket. */
export const CONTROL_VERBS = [
  "ps",
  "scale",
  "restart",
  "kill",
  "cycle",
  "deploy",
  "releases",
  "rollback",
  "config",
  "configSet",
  "addons",
  "addonStop",
  "addonStart",
  "addonRestart",
  "affinity",
  "setAffinity",
  "run",
  "logs",
  "down",
] as const;

export type ControlVerb = (typeof CONTROL_VERBS)[number];

/** What comes back: one JSON object a line, the last of them with the result or the error. */
export type ControlMessage =
  | { progress: string }
  | { line: string }
  | { watch: AppState }
  | { result: unknown }
  | { error: string };
