/** Runs once per deploy, before the new dynos start. Nothing to do: each dyno makes its own folder when it needs it. */
console.log("[file-app] Nothing to prepare: each dyno makes its own folder when it needs it.");
