import { type RouteNeed, routeNeeds, type Scenario, scenarios } from "../scenarios.ts";

/** What an app serves of SPEC.md, as `checkApp` found out before the first visitor came. */
export interface Routes {
  /** `POST /api/session` counts visits. */
  counter: boolean;
  /** … and keeps a note. */
  note: boolean;
  /** `/api/plain`, or `/api/session` where there is no such route. */
  baseline: string;
  /** `GET /` answers with a page. */
  page: boolean;
  readyz: boolean;
  /** `GET /api/sessions` lists the sessions of a user, or says that it cannot. */
  sessions: boolean;
  /** Answers name their dyno in `x-dyno`. */
  dyno: boolean;
  /** `next-auth`, `better-auth`, or the paths of a form; `null` if no sign-in is known. */
  signIn: string | null;
}

let found: Routes | undefined;

/** Called once in each VU, before anything else. */
export function useRoutes(routes: Routes): void {
  found = routes;
}

export function routes(): Routes {
  if (!found) throw new Error("[load] The app was not checked.");
  return found;
}

/** Why a scenario cannot be asked of an app that serves no more than this. */
export function lacking(scenario: Scenario, served: Routes): string | undefined {
  const serves: Record<RouteNeed, boolean> = {
    dyno: served.dyno,
    counter: served.counter,
    note: served.note,
    visits: served.counter || served.signIn !== null,
    signIn: served.signIn !== null,
    page: served.page,
    sessions: served.sessions,
  };
  const missing = scenarios[scenario].routes.find((need) => !serves[need]);
  return missing && `not applicable: the app has no ${routeNeeds[missing].short}`;
}
