/** Runs once per deploy, before the new dynos start. Nothing to do: a cache has no tables. */
console.log("[cache-app] Nothing to prepare: a cache has no tables.");
