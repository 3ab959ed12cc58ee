// One Ctrl-C may arrive several times: from the terminal, and from each program in between.
const SAME_CTRL_C_MS = 1_000;

/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP; at a second one, more than a second later, the process exits with 130.
 * @param onFirst called before it aborts
 */
export function onInterruption(onFirst: () => void): AbortController {
  const controller = new AbortController();
  const interrupted = new Error("[addons] Interrupted.");
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
  // The reader has left, as in `dynos up | head`.
  process.stdout.on("error", () => controller.abort(interrupted));
  return controller;
}
