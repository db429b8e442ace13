import { createClient, createCluster } from '@redis/client';
import calculateSlot from 'cluster-key-slot';
import { presenceCommand } from '../audit/presence-script';
import { decideCommand } from './decide-script';
import { renewCommand } from './renew-script';

/** Whom to ask, and as whom. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Authorities that may vouch for the servers, as PEM. @default - those that Node knows */
  readonly ca?: string;
  /** Whether keys are divided among several servers; then the address is that of any of them. */
  readonly isCluster: boolean;
}

/** From a connection's beginning to its end; there is no second one. */
export interface Link {
  readonly client: RedisClient;
  connect(): Promise<void>;
  /** Rejects with what went wrong first. */
  readonly ended: Promise<never>;
  /** What is asked of it meanwhile fails at once. More than once does nothing. */
  end(): void;
}

/** To a connection, and once more to be logged in. */
export const CONNECT_MS = 1000;

const SCRIPTS = { decide: decideCommand, renew: renewCommand, presence: presenceCommand };

/** A key's part of a cluster: a script may have the keys of one only. Elsewhere all keys are in one place. */
export function slotOf({ isCluster }: Pick<RedisAddress, 'isCluster'>, key: string): number {
  return isCluster ? calculateSlot(key) : 0;
}

export type RedisClient = ReturnType<typeof singleClient> | ReturnType<typeof clusterClient>;

export function newLink(address: RedisAddress): Link {
  return address.isCluster ? clusterLink(address) : singleLink(address);
}

function options({ user, password, ca }: RedisAddress) {
  return {
    username: user,
    password,
    // Nothing waits for a server that may never come back.
    disableOfflineQueue: true,
    // It would be told by a command that the user may not use, and that Redis 7.0 does not know.
    disableClientInfo: true,
    maintNotifications: 'disabled',
    socket: { tls: true, ca, connectTimeout: CONNECT_MS, reconnectStrategy: false },
  } as const;
}

function singleClient(address: RedisAddress) {
  const { socket, ...others } = options(address);
  return createClient({ ...others, scripts: SCRIPTS, socket: { ...socket, host: address.host, port: address.port } });
}

function singleLink(address: RedisAddress): Link {
  const client = singleClient(address);
  const { promise: ended, reject } = never();
  client.on('error', reject);
  return {
    client,
    ended,
    connect: () => client.connect().then(() => undefined),
    end: () => {
      reject(new Error('The connection has been given up.'));
      if (client.isOpen) client.destroy();
    },
  };
}

/** A cluster of which one server is gone is gone as a whole, until the others have taken its place: what is made anew finds out which they are. */
function clusterClient(address: RedisAddress) {
  return createCluster({ rootNodes: [{ socket: { host: address.host, port: address.port } }], defaults: options(address), scripts: SCRIPTS });
}

function clusterLink(address: RedisAddress): Link {
  const client = clusterClient(address);
  const { promise: ended, reject } = never();
  client.on('error', reject).on('node-error', reject);
  let hasEnded = false;
  const end = (): void => {
    hasEnded = true;
    reject(new Error('The connections have been given up.'));
    try {
      client.destroy();
    } catch {
      // One of its servers had hung up already.
    }
  };
  return {
    client,
    ended,
    // One that a frozen server kept waiting for longer than anybody waits for it would go on connecting to the others.
    connect: () => client.connect().then(() => undefined).finally(() => {
      if (hasEnded) end();
    }),
    end,
  };
}

/** Whoever asked gets the error too, so nobody has to look at this one. */
function never(): { readonly promise: Promise<never>; readonly reject: (reason: Error) => void } {
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<never>((_, rejectIt) => {
    reject = rejectIt;
  });
  promise.catch(() => undefined);
  return { promise, reject };
}
