/**
 * The environment of a program that is no app: nothing of ours but where programs are. The cast is for the apps,
 * where Next's types demand a NODE_ENV of every environment.
 */
export function bareEnv(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env: Record<string, string | undefined> = { PATH: process.env.PATH, LC_ALL: "C", ...more };
  return env as NodeJS.ProcessEnv;
}
