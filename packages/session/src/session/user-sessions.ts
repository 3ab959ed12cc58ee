import type { ListedSession, Strategy } from "../contract.ts";

/** Sign-ins that never pause may add a session between any two passes. */
const MAX_PASSES = 10;

/**
 * Ends the sessions of a user that `pick` picks from the list, newest first, and lists again until it picks none: a session
 * that gets a new id meanwhile leaves one pass and is in the next. So every session that was acknowledged before the call
 * has ended when it resolves, and none that starts later is touched.
 *
 * @returns how many it ended
 * @throws SessionsNotListedError, SessionStoreError, SessionBusyError
 */
export async function endSessions(
  strategy: Strategy,
  userId: string,
  pick: (sessions: ListedSession[]) => ListedSession[],
): Promise<number> {
  const ended = new Set<string>();
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const picked = pick(await strategy.list(userId));
    if (picked.length === 0) break;
    await Promise.all(picked.map((session) => strategy.destroyListed(session)));
    for (const { key } of picked) ended.add(key);
  }
  return ended.size;
}
