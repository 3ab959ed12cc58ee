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
  /** Runs while queries are in progress. */
  watch?: NodeJS.Timeout | undefined;
}

/**
 * node-postgres' own pool lends a connection to one query at a time. These are shared: with `pipeline` the next query is
 * sent before the last is answered, for a third of the CPU time when the dyno is busy.
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
      cancel(connection.client);
      connection.client.connection.stream.destroy(
        new Error(`Postgres did not answer within ${limitMs} ms`),
      );
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
        return await client.query(query, values);
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
 * Asks the server to stop what this connection waits for: a query that waits for a lock does not notice that its
 * connection is gone, and keeps its place among the connections of the plan.
 */
function cancel(client: Client): void {
  const { host, port, processID, secretKey } = client as Client & BackendKey;
  if (processID === null || secretKey === null) return;
  const request = Buffer.alloc(16);
  for (const [index, value] of [request.length, CANCEL_REQUEST, processID, secretKey].entries()) {
    request.writeInt32BE(value | 0, index * 4);
  }
  const socket = connect({ host, port }, () => socket.end(request));
  socket.on("error", () => {});
  socket.setTimeout(1_000, () => socket.destroy());
}
