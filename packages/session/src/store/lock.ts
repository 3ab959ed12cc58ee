import { SessionBusyError, SessionStoreError } from "../errors.ts";
import { singleton } from "../singletons.ts";

interface Waiter {
  start(): void;
  fail(error: unknown): void;
}

type Queues = Map<string, Waiter[]>;

export interface TurnLimits {
  /** How many may wait beside the one whose turn it is. */
  maxWaiting?: number;
  /** How long one may wait, in milliseconds. */
  waitMs?: number;
}

/**
 * Writers of one session inside one process take turns: each conflict costs two trips and helps nobody.
 * Between dynos the store's versions decide.
 *
 * When the store fails the one whose turn it is, all who wait fail with it: else each of them would wait for the
 * same store in turn.
 *
 * @param owner whose queue it is; each owner has its own queue for a `key`
 * @param work is told whether it had to wait, so that somebody may have written meanwhile
 * @throws SessionBusyError at once where too many wait, and later where it waited too long
 */
export async function withLock<T>(
  owner: object,
  key: string,
  work: (waited: boolean) => Promise<T>,
  limits: TurnLimits = {},
): Promise<T> {
  const byOwner = singleton("turns", () => new WeakMap<object, Queues>());
  const queues = byOwner.get(owner) ?? new Map<string, Waiter[]>();
  byOwner.set(owner, queues);
  const queue = queues.get(key);
  if (queue) await turnIn(queue, limits);
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

function turnIn(queue: Waiter[], { maxWaiting, waitMs }: TurnLimits): Promise<void> {
  if (maxWaiting !== undefined && queue.length >= maxWaiting) {
    throw new SessionBusyError(`${maxWaiting} others wait to write this session.`);
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
            reject(new SessionBusyError("It waited too long for its turn."));
          }, waitMs);
    queue.push(waiter);
  });
}
