import type { ListedSession, Strategy } from "../contract.ts";
import { NotSignedInError, SessionsNotListedError } from "../errors.ts";
import { fingerprint } from "../store/ids.ts";
import type { AppSession } from "./app-session.ts";
import { userIdOf } from "./fields.ts";
import { endSessions } from "./user-sessions.ts";

/** A session of the signed-in user. */
export interface MySession {
  /** As `session.info.fingerprint`. `endSession` takes it. */
  fingerprint: string;
  /** True for the session of this request. */
  current: boolean;
  /** The browser that signed in, such as "Firefox on Windows"; null where it did not say. */
  device: string | null;
  createdAt: Date;
  /** Moves with the expiry: at most once per tenth of the idle lifetime, not on every request. */
  lastUsedAt: Date;
}

/**
 * What a user can do with their sessions on all devices. Each call throws `SessionsNotListedError` where the strategy
 * cannot list sessions, `NotSignedInError` where the request has no signed-in session, and `SessionStoreError` where
 * the store fails.
 */
export interface MySessions {
  /** The sessions of the signed-in user, newest first. */
  mySessions(): Promise<MySession[]>;
  /**
   * Ends one session of the signed-in user, on every dyno at once, also where it has a new id since it was listed, or gets
   * one meanwhile. The session of this request too: then its cookie goes as well.
   *
   * @param fingerprint of one of `mySessions()`; one of the last eight ids before this one counts too
   * @returns false where the signed-in user has no such session
   */
  endSession(fingerprint: string): Promise<boolean>;
  /**
   * Ends all sessions of the signed-in user but this one: after a change of the password, say. Those whose sign-in was
   * acknowledged before the call have ended when it resolves, on every dyno. Of those that start during the call, each
   * either ends or lives.
   *
   * @returns how many sessions it ended
   */
  endOtherSessions(): Promise<number>;
  /**
   * Ends all sessions of any user, without a check of who asks: for an administrator's page, which makes that check
   * itself, or for a job that disables an account. Disable the account first, so that it cannot sign in again.
   *
   * @param userId the `id` of `session.user`, as `github:583231`
   * @returns how many sessions it ended
   */
  endSessionsOf(userId: string): Promise<number>;
}

/** @param run counts the round trips of a call, and notes its failure */
export function mySessionsOf(
  strategy: Strategy,
  getSession: () => Promise<AppSession<object>>,
  run: <T>(work: () => Promise<T>) => Promise<T>,
): MySessions {
  async function signedIn() {
    const { name, cannotList } = strategy;
    if (cannotList) throw new SessionsNotListedError(name, cannotList);
    const session = await getSession();
    const userId = userIdOf(session as { user?: unknown });
    if (!session.info || userId === null) throw new NotSignedInError();
    return { session, userId, own: session.info.fingerprint };
  }

  const hasFingerprint = ({ key }: ListedSession, wanted: string) => fingerprint(key) === wanted;

  return {
    async mySessions() {
      const { userId, own } = await signedIn();
      const sessions = await run(() => strategy.list(userId));
      return sessions.map((listed) => toMySession(listed, own));
    },

    async endSession(wanted) {
      const { session, userId, own } = await signedIn();
      let endsOwn = wanted === own;
      const pick = (sessions: ListedSession[]) => {
        const picked = sessions.filter(
          (listed) => hasFingerprint(listed, wanted) || listed.formerly.includes(wanted),
        );
        endsOwn ||= picked.some((listed) => hasFingerprint(listed, own));
        return picked;
      };
      const ended = endsOwn ? 0 : await run(() => endSessions(strategy, userId, pick));
      if (endsOwn) await session.destroy();
      return endsOwn || ended > 0;
    },

    async endOtherSessions() {
      const { userId, own } = await signedIn();
      return run(() =>
        endSessions(strategy, userId, (sessions) =>
          sessions.filter((listed) => !hasFingerprint(listed, own)),
        ),
      );
    },

    endSessionsOf: (userId) => run(() => endSessions(strategy, userId, (sessions) => sessions)),
  };
}

function toMySession(
  { key, device, createdAt, lastUsedAt }: ListedSession,
  own: string,
): MySession {
  const mark = fingerprint(key);
  return {
    fingerprint: mark,
    current: mark === own,
    device,
    createdAt: new Date(createdAt),
    lastUsedAt: new Date(lastUsedAt),
  };
}
