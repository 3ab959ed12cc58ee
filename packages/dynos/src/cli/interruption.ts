// One Ctrl-C may reach us several times: from the terminal, and from each program between it and us.
const SAME_CTRL_C_MS = 1_000;

/** Aborts at the first Ctrl-C, SIGTERM or hang-up; at a second one the process exits at once. */
export function onInterruption(onFirst: () => void): AbortController {
  const controller = new AbortController();
  const interrupted = new Error("[dynos] Interrupted.");
  let firstAt = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      const again = controller.signal.aborted;
      if (again && performance.now() - firstAt > SAME_CTRL_C_MS) process.exit(130);
      if (again) return;
      firstAt = performance.now();
      onFirst();
      controller.abort(interrupted);
    });
  }
  // Nobody reads any more, as in `dynos up | head`.
  process.stdout.on("error", () => controller.abort(interrupted));
  return controller;
}
