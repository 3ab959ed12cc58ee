/** The Heroku CLI command that a person runs where no `-e EVENTS` triggers the event. */
export const byHand = {
  restart: "heroku ps:restart --app APP",
  "scale-1": "heroku ps:scale web=1 --app APP",
  "scale-2": "heroku ps:scale web=2 --app APP",
  "scale-4": "heroku ps:scale web=4 --app APP",
  deploy: "git commit --allow-empty --message 'Release again' && git push heroku HEAD:main",
  "rotate-accept": "heroku config:set SESSION_SECRET_PREVIOUS=NEW_SECRET --app APP",
  "rotate-use":
    "heroku config:set SESSION_SECRET=NEW_SECRET SESSION_SECRET_PREVIOUS=OLD_SECRET --app APP",
  rollback: "heroku rollback --app APP",
  "store-restart": "heroku pg:restart --app APP, or what restarts your store",
  "store-stop": "what stops your store; for a cache on Heroku there is no command",
  "store-start": "what starts your store again",
} as const;

export type EventName = keyof typeof byHand;

export const eventNames = Object.keys(byHand) as EventName[];
