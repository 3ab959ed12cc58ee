import { SessionBusyError, SessionStoreError } from "../errors.ts";
import { singleton } from "../singletons.ts";

interface Waiter {
  start(): void;
  fail(error: unknown): void;
}

type Queues = Map<string, Waiter[]>;

export interface LockLimits {
  /** How many may wait beside the holder of the lock. */
  maxWaiting?: number;
  /** How long one may wait, in milliseconds. Default: without limit. */
  waitMs?: number;
}

/**
 * Runs `work` while no other work of this process holds the lock of `key`. Writers of one session take turns, because
 * each conflict costs two round trips. Between dynos the store's versions decide.
 *
 * When the store fails for the holder of the lock, all who wait fail with it: else each of them would wait for the same
 * store in turn.
 *
 * @param owner each owner has separate locks
 * @param work gets true where it had to wait, so that the session may have changed meanwhile
 * @throws SessionBusyError at once where too many wait, and later where it waited too long
 */
export async function withLock<T>(
  owner: object,
  key: string,
  work: (waited: boolean) => Promise<T>,
  limits: LockLimits = {},
): Promise<T> {
  const byOwner = singleton("locks", () => new WeakMap<object, Queues>());
  const queues = byOwner.get(owner) ?? new Map<string, Waiter[]>();
  byOwner.set(owner, queues);
  const queue = queues.get(key);
  if (queue) await waitIn(queue, limits);
  const waiters = queue ?? [];
  queues.set(key, waiters);
  try {
    return await work(queue !== undefined);
  } catch (error) {
    if (error instanceof SessionStoreError) {
      for (const waiter of waiters.splice(0)) waiter.fail(error);
    }
    throw error;
  } finally {
    const next = waiters.shift();
    if (next) next.start();
    else queues.delete(key);
  }
}

function waitIn(queue: Waiter[], { maxWaiting, waitMs }: LockLimits): Promise<void> {
  if (maxWaiting !== undefined && queue.length >= maxWaiting) {
    throw new SessionBusyError(`${maxWaiting} other requests wait to write this session.`);
  }
  return new Promise((resolve, reject) => {
    const waiter: Waiter = {
      start() {
        clearTimeout(timer);
        resolve();
      },
      fail(error) {
        clearTimeout(timer);
        reject(error);
      },
    };
    const timer =
      waitMs === undefined
        ? undefined
        : setTimeout(() => {
            queue.splice(queue.indexOf(waiter), 1);
            reject(new SessionBusyError("It waited too long."));
          }, waitMs);
    queue.push(waiter);
  });
}
