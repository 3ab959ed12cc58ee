/** Loaded into the app's process before the app: says on request how much CPU time the process has used. */
process.on("message", () => process.send?.(process.cpuUsage()));
process.channel?.unref();
