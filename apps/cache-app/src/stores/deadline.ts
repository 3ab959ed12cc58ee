/**
 * Rejects when `work` takes too long, and calls `giveUp`. Neither client can do it: memjs' timeout and the
 * `socketTimeout` of node-redis begin anew with each write, so while requests keep coming a cache that hangs is
 * never noticed; and the command timeout of node-redis ends when the command is sent.
 */
export function within<T>(milliseconds: number, work: Promise<T>, giveUp: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${milliseconds} ms`));
      giveUp();
    }, milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
