import { setTimeout as pause } from "node:timers/promises";
import type { SharedConnections } from "./connections.ts";

/** As connect-pg-simple: every 8 to 23 minutes, so that dynos which start together do not prune together. */
const EVERY_MS = 15 * 60_000;
const BATCH = 100;
/** Pauses are so many times as long as the batch before them: pruning takes a twentieth of one connection's time. */
const PAUSE_FACTOR = 19;

/** The number must only be the same for all dynos. */
const LOCK = 727_367;

/**
 * One small transaction, so that the sessions that wait behind it on a shared connection wait for milliseconds. The lock
 * ends with it: no two dynos delete at the same time, and it works behind a pooler. `ORDER BY` keeps to the index, and $1
 * skips the part of it that this round has emptied, which stays there until the next vacuum. The commit does not wait for
 * the disk, for this transaction alone: what is lost with the server is deleted again.
 */
const DELETE_BATCH = `
  WITH turn AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(${LOCK}) AND set_config('synchronous_commit', 'off', true) = 'off' AS "isOurs"
  ),
  expired AS (
    SELECT sid FROM "session"
    WHERE expire >= $1::timestamp AND expire < now() AT TIME ZONE 'UTC' AND (SELECT "isOurs" FROM turn)
    ORDER BY expire LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
  ),
  deleted AS (DELETE FROM "session" USING expired WHERE "session".sid = expired.sid RETURNING expire)
  SELECT count(*)::int AS count, max(expire)::text AS last FROM deleted`;

export interface Pruner {
  /**
   * Deletes what has expired, in small batches with pauses. Ends early where another dyno is at it, and at `close`.
   *
   * @returns how many sessions it deleted
   */
  prune(): Promise<number>;
  close(): void;
}

/** Prunes by itself, every 8 to 23 minutes, until it is closed. */
export function createPruner(query: SharedConnections["query"]): Pruner {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function prune(): Promise<number> {
    let total = 0;
    let from = "-infinity";
    while (!isClosed) {
      const started = performance.now();
      const { count, last } = (await query(DELETE_BATCH, [from])).rows[0];
      total += count;
      if (count < BATCH) break;
      from = last;
      await pause((performance.now() - started) * PAUSE_FACTOR, undefined, { ref: false });
    }
    return total;
  }

  function plan(): void {
    if (isClosed) return;
    timer = setTimeout(
      () => {
        prune()
          .catch((error) =>
            console.error("[db-app] Cannot delete expired sessions:", error.message),
          )
          .finally(plan);
      },
      EVERY_MS / 2 + EVERY_MS * Math.random(),
    ).unref();
  }
  plan();

  return {
    prune,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
