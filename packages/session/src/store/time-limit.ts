/**
 * How long the stores of one request may take together, in milliseconds, whichever store it is and however many
 * trips and queues the request goes through. With a second for everything else an answer takes 4 s at most.
 */
export const STORE_LIMIT_MS = 3_000;

/**
 * Rejects when `work` takes longer than `milliseconds`, and then calls `giveUp`, which may close the connection
 * that does not answer. The clients of memcached and Redis cannot do it: memjs' timeout and the `socketTimeout`
 * of node-redis begin anew with each write, so while requests keep coming a cache that hangs is never noticed;
 * and the command timeout of node-redis ends when the command is sent.
 */
export function within<T>(
  milliseconds: number,
  work: Promise<T>,
  giveUp: () => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${STORE_LIMIT_MS} ms`));
      giveUp();
    }, milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
