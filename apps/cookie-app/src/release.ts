/** Runs once per deploy, before the new dynos start. Nothing to do: the sessions are in the visitors' cookies. */
console.log("[cookie-app] Nothing to prepare: the sessions are in the visitors' cookies.");
