import { spawn } from "node:child_process";

/** Shows a file in the user's browser. Where there is none, nothing happens: its path was printed anyway. */
export function openInBrowser(file: string): void {
  const [command = "", ...args] =
    process.platform === "darwin"
      ? ["open", file]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", "", file]
        : ["xdg-open", file];
  spawn(command, args, { detached: true, stdio: "ignore" })
    .on("error", () => {})
    .unref();
}
