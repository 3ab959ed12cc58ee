/** The command that a person runs for each event if no `-e EVENTS` triggers it. */
export const commands = {
  restart: "heroku ps:restart --app APP",
  "scale-1": "heroku ps:scale web=1 --app APP",
  "scale-2": "heroku ps:scale web=2 --app APP",
  "scale-4": "heroku ps:scale web=4 --app APP",
  deploy: "git commit --allow-empty --message 'Release again' && git push heroku HEAD:main",
  "rotate-accept": "heroku config:set SESSION_SECRET_PREVIOUS=NEW_SECRET --app APP",
  "rotate-use":
    "heroku config:set SESSION_SECRET=NEW_SECRET SESSION_SECRET_PREVIOUS=OLD_SECRET --app APP",
  rollback: "heroku rollback --app APP",
  "store-restart": "heroku pg:restart --app APP, or the command that restarts your store",
  "store-stop": "the command that stops your store; Heroku has none for a cache",
  "store-start": "the command that starts your store again",
} as const;

export type EventName = keyof typeof commands;

export const eventNames = Object.keys(commands) as EventName[];
