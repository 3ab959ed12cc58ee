const nothing = "nothing: only the local Heroku can do this";

/** What no platform offers. */
const onlyLocal = {
  "kill-1": nothing,
  "kill-2": nothing,
  "kill-3": nothing,
  "freeze-1": nothing,
  "freeze-2": nothing,
  "freeze-3": nothing,
  "clock-1": nothing,
  "clock-2": nothing,
  "clock-3": nothing,
  "clock-mend": nothing,
  "store-fill": nothing,
  "store-freeze": nothing,
  "store-cut": nothing,
  "store-slow": nothing,
  "store-slow-1": nothing,
  "store-slow-5": nothing,
  "store-mend": nothing,
} as const;

/** The command that a person runs for each event if no `-e EVENTS` triggers it, on Heroku. */
export const herokuCommands = {
  restart: "heroku ps:restart --app APP",
  "scale-1": "heroku ps:scale web=1 --app APP",
  "scale-2": "heroku ps:scale web=2 --app APP",
  "scale-4": "heroku ps:scale web=4 --app APP",
  deploy: "git commit --allow-empty --message 'Release again' && git push heroku HEAD:main",
  "deploy-changed": "git push heroku HEAD:main, of a commit with changed code",
  "deploy-changed-preboot":
    "heroku features:enable preboot --app APP && git push heroku HEAD:main, of a commit with changed code",
  "rotate-accept": "heroku config:set SESSION_SECRET_PREVIOUS=NEW_SECRET --app APP",
  "rotate-use":
    "heroku config:set SESSION_SECRET=NEW_SECRET SESSION_SECRET_PREVIOUS=OLD_SECRET --app APP",
  rollback: "heroku rollback --app APP",
  "store-restart": "heroku pg:restart --app APP, or the command that restarts your store",
  "store-stop": "the command that stops your store; Heroku has none for a cache",
  "store-start": "the command that starts your store again",
  ...onlyLocal,
} as const;

export type EventName = keyof typeof herokuCommands;

export const eventNames = Object.keys(herokuCommands) as EventName[];

/** What ends an event that lasts; `undefined` for one that is over by itself. */
export function endOf(event: EventName): EventName | undefined {
  if (event === "store-stop") return "store-start";
  if (/^store-(freeze|cut|slow|fill)/.test(event)) return "store-mend";
  return /^clock-\d$/.test(event) ? "clock-mend" : undefined;
}

/** The same on the local Heroku. `-a APP` is needed only when several apps are up. */
export const localCommands: Record<EventName, string> = {
  restart: "bin/dynos ps:restart",
  "scale-1": "bin/dynos ps:scale web=1",
  "scale-2": "bin/dynos ps:scale web=2",
  "scale-4": "bin/dynos ps:scale web=4",
  deploy: "bin/dynos deploy",
  "deploy-changed": "bin/dynos deploy DIR, of a build with changed code",
  "deploy-changed-preboot":
    "bin/dynos features:enable preboot && bin/dynos deploy DIR, of a build with changed code",
  "rotate-accept": "bin/dynos config:set SESSION_SECRET_PREVIOUS=NEW_SECRET",
  "rotate-use": "bin/dynos config:set SESSION_SECRET=NEW_SECRET SESSION_SECRET_PREVIOUS=OLD_SECRET",
  rollback: "bin/dynos rollback",
  "store-restart": "bin/dynos addons:restart NAME (bin/dynos addons names it)",
  "store-stop": "bin/dynos addons:stop NAME (bin/dynos addons names it)",
  "store-start": "bin/dynos addons:start NAME (bin/dynos addons names it)",
  "kill-1": "bin/dynos ps:kill web.1",
  "kill-2": "bin/dynos ps:kill web.2",
  "kill-3": "bin/dynos ps:kill web.3",
  "freeze-1": "bin/dynos ps:freeze web.1",
  "freeze-2": "bin/dynos ps:freeze web.2",
  "freeze-3": "bin/dynos ps:freeze web.3",
  "clock-1": "bin/dynos ps:clock web.1 -60",
  "clock-2": "bin/dynos ps:clock web.2 -60",
  "clock-3": "bin/dynos ps:clock web.3 -60",
  "clock-mend": "bin/dynos ps:clock NAME 0, of the dyno with a wrong clock",
  "store-fill": "bin/dynos addons:fill NAME",
  "store-freeze": "bin/dynos addons:freeze NAME",
  "store-cut": "bin/dynos addons:cut NAME",
  "store-slow": "bin/dynos addons:slow NAME 200",
  "store-slow-1": "bin/dynos addons:slow NAME 1",
  "store-slow-5": "bin/dynos addons:slow NAME 5",
  "store-mend": "bin/dynos addons:mend NAME",
};
