import { connect } from "node:net";
import { Client, type ClientConfig, type QueryConfig, type QueryResult } from "pg";

export interface SharedConnections {
  /**
   * Rejects when the connection breaks, or when the server does not answer within the time limit. The next query opens
   * another connection.
   */
  query(query: string | QueryConfig, values?: unknown[]): Promise<QueryResult>;
  /** Waits for queries in progress. */
  close(): Promise<void>;
}

interface SharedConnection {
  readonly client: Client;
  readonly opened: Promise<Client>;
  /** By `performance.now()`, when each query in progress began, the oldest first: answers arrive in this order. */
  readonly began: number[];
  /** Without `pipeline`: settles when the query that was asked for last has been answered. */
  last?: Promise<unknown>;
  /** Runs while queries are in progress. */
  watch?: NodeJS.Timeout | undefined;
}

/**
 * node-postgres' own pool lends a connection to one query at a time. These are shared: with `pipeline` in the config the next
 * query is sent before the last is answered, for a third of the CPU time when the dyno is busy. Without it each connection
 * has a queue.
 *
 * @param amount how many connections are open at most
 * @param limitMs how long a query may take. The limit is kept here and not by the server's `statement_timeout`, which
 *   PgBouncer refuses as a start-up parameter. A query that exceeds it takes its connection along, because the answers of
 *   the queries behind it cannot arrive before its own.
 */
export function sharedConnections(
  config: ClientConfig,
  amount: number,
  limitMs: number,
): SharedConnections {
  const connections = new Map<number, SharedConnection>();
  let turn = 0;

  function open(place: number): SharedConnection {
    const client = new Client(config);
    const connection: SharedConnection = { client, opened: client.connect(), began: [] };
    const discard = () => {
      if (connections.get(place) === connection) connections.delete(place);
    };
    client.on("error", discard); // a connection that breaks while it is idle
    connection.opened.catch(discard);
    connections.set(place, connection);
    return connection;
  }

  /** One timer for each connection and not for each query: it looks at the oldest query, and waits for the rest. */
  function watch(place: number, connection: SharedConnection, waitMs: number): void {
    connection.watch = setTimeout(() => {
      connection.watch = undefined;
      const [oldest] = connection.began;
      if (oldest === undefined) return;
      const left = oldest + limitMs - performance.now();
      if (left > 0) return watch(place, connection, left);
      connections.delete(place);
      abandon(connection.client, new Error(`Postgres did not answer within ${limitMs} ms`));
    }, waitMs).unref();
  }

  return {
    async query(query: string | QueryConfig, values?: unknown[]) {
      turn = (turn + 1) % amount;
      const place = turn;
      const connection = connections.get(place) ?? open(place);
      const client = await connection.opened;
      connection.began.push(performance.now());
      if (!connection.watch) watch(place, connection, limitMs);
      try {
        if (config.pipeline) return await client.query(query, values);
        const ask = () => client.query(query, values);
        const answer = connection.last ? connection.last.then(ask, ask) : ask();
        connection.last = answer.catch(() => {});
        return await answer;
      } finally {
        connection.began.shift();
      }
    },
    async close() {
      await Promise.allSettled(
        [...connections.values()].map(async ({ opened }) => (await opened).end()),
      );
    },
  };
}

/** What the server sent for this purpose; node-postgres' types leave it out. */
interface BackendKey {
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, CancelRequest */
const CANCEL_REQUEST = 80_877_102;

/**
 * Rejects the queries in progress with this error, asks the server to stop what the connection waits for, and closes it.
 * Without the request a query that waits for a lock would not notice that its connection is gone, and would keep its place
 * among the connections of the plan. PgBouncer passes the request on only while both the connection and the request's
 * socket are open, so the server closes the one, and then the other is closed.
 */
function abandon(client: Client, error: Error): void {
  const { host, port, processID, secretKey } = client as Client & BackendKey;
  const { stream } = client.connection;
  client.connection.emit("error", error); // as if the socket had failed
  if (processID === null || secretKey === null) return void stream.destroy();
  const request = Buffer.alloc(16);
  for (const [index, value] of [request.length, CANCEL_REQUEST, processID, secretKey].entries()) {
    request.writeInt32BE(value | 0, index * 4);
  }
  const socket = connect({ host, port }, () => socket.write(request));
  socket
    .resume()
    .on("error", () => {})
    .once("close", () => stream.destroy());
  socket.setTimeout(1_000, () => socket.destroy());
}
