import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, type QueryResultRow } from 'pg';
import type { PostgresUserRotation } from '../../secrets/contract';
import { rdsAuthorities } from './postgres-authorities';

/** A connection to PostgreSQL that somebody is logged in by. */
export interface PostgresSession {
  query(text: string, values?: readonly string[]): Promise<readonly QueryResultRow[]>;
  /** Never fails, and never waits long. What was begun and not committed is undone by the server. */
  end(): Promise<void>;
}

export interface PostgresCredentials {
  readonly username: string;
  readonly password: string;
}

/** Logs in, over TLS. */
export type PostgresConnect = (credentials: PostgresCredentials) => Promise<PostgresSession>;

/** To be connected, greeted by TLS and logged in; a database that answers at all does so in a fraction of it. Our figure. */
const CONNECT_MS = 5000;
/** For one statement, of which none looks at more than a catalog; waiting for another rotation counts. Our figure. */
const STATEMENT_MS = 10_000;
/** The server gives up by itself before that; only a network that swallows everything is noticed here. */
const ANSWER_MS = STATEMENT_MS + 2000;
const GOODBYE_MS = 500;

/** Connections that prove who the server is (`verify-full`), or do not come about: nothing is ever said in the clear. */
export function postgresConnect({ host, port, dbname, ca }: Pick<PostgresUserRotation, 'host' | 'port' | 'dbname' | 'ca'>): PostgresConnect {
  const authorities = ca ?? rdsAuthorities(host);
  return async ({ username, password }) => {
    // Ours, so that it can be thrown away: the client's own end waits for the server's.
    const socket = new Socket();
    const client = new Client({
      host,
      port,
      database: dbname,
      user: username,
      password,
      // The name is checked by the client, who knows it.
      ssl: { ca: authorities, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
      stream: () => socket,
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      idle_in_transaction_session_timeout: STATEMENT_MS,
      query_timeout: ANSWER_MS,
      application_name: 'cdk-secure-core rotation',
    });
    // Whoever waits for an answer is told as well.
    client.on('error', () => undefined);
    const end = async (): Promise<void> => {
      const isGone = socket.destroyed ? Promise.resolve() : once(socket, 'close').catch(() => undefined);
      await Promise.race([client.end().catch(() => undefined), pause(GOODBYE_MS, undefined, { ref: false })]);
      socket.destroy();
      await isGone;
    };
    try {
      await client.connect();
    } catch (error) {
      await end();
      throw error;
    }
    return { query: async (text, values = []) => (await client.query(text, [...values])).rows as QueryResultRow[], end };
  };
}
