import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningPostgres } from '../../src/drill/services/postgres';
import { type Log, RotationError, type SecretStrategy } from '../../src/runtime/rotation/ports';
import type { PostgresConnect, PostgresSession } from '../../src/runtime/rotation/postgres-session';
import { postgresUserStrategy, type PostgresUserConfiguration, type PostgresUserParts } from '../../src/runtime/rotation/postgres-user';
import type { PostgresLogin } from '../../src/secrets/contract';
import { asLogin, type PostgresStage, setPostgres } from './postgres';

/** All passwords that a test file has made, none of which may be found anywhere. */
export const passwords = new Set<string>();
/** All that was said about failures. */
export const said: string[] = [];

export const noted: Log = (line) => void said.push(JSON.stringify(line));

export interface TestRotation {
  readonly strategy: SecretStrategy;
  readonly configuration: PostgresUserConfiguration;
}

/** The rotation of a role of its own, which does not exist yet. */
export function rotationOf(postgres: RunningPostgres, others: Partial<PostgresUserConfiguration> = {}, parts: Partial<PostgresUserParts> = {}): TestRotation {
  const configuration = configurationOf(postgres, others);
  return { configuration, strategy: postgresUserStrategy(configuration, { admin: () => Promise.resolve(postgres.admin), log: noted, ...parts }) };
}

export function configurationOf(postgres: RunningPostgres, others: Partial<PostgresUserConfiguration> = {}): PostgresUserConfiguration {
  const { host, port, dbname, caPem } = postgres;
  const role = `app_${randomBytes(4).toString('hex')}`;
  return { role, adminSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:admin', host, port, dbname, ca: caPem, caPath: '/etc/ssl/rds.pem', ...others };
}

/** As Secrets Manager makes it from a template. */
export function generated(role: string): string {
  const password = randomBytes(20).toString('hex');
  passwords.add(password);
  return JSON.stringify({ username: `${role}_a`, password });
}

export function loginIn(secret: string): PostgresLogin {
  const login = JSON.parse(secret) as PostgresLogin;
  passwords.add(login.password);
  return login;
}

/** What a step fails with, which has to be in our own words. */
export async function failureOf(step: Promise<unknown>): Promise<RotationError> {
  const error: unknown = await step.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof RotationError)) throw new Error(`It does not fail in our words: ${String(error)}`);
  said.push(`${error.message} ${error.stack ?? ''} ${JSON.stringify(error)}`);
  return error;
}

/** What a test does to the network or to the process at one moment. */
export interface Mishap {
  /** Which of all logins and statements of a step, from 1. */
  readonly at: number;
  readonly when: 'before' | 'after';
  readonly happen: () => void;
}

/** Connections to which something happens. `isOver` tells whether it did. */
export function mishapped(connect: PostgresConnect, { at, when, happen }: Mishap): { readonly connect: PostgresConnect; readonly isOver: () => boolean } {
  let count = 0;
  const around = async <T>(ask: () => Promise<T>, undo: (answer: T) => Promise<void> = () => Promise.resolve()): Promise<T> => {
    count += 1;
    const isNow = count === at;
    if (isNow && when === 'before') happen();
    const answer = await ask();
    if (isNow && when === 'after') {
      try {
        happen();
      } catch (error) {
        await undo(answer);
        throw error;
      }
    }
    return answer;
  };
  return {
    connect: async (credentials) => {
      const session = await around(() => connect(credentials), (opened) => opened.end());
      return { query: (text, values) => around(() => session.query(text, values)), end: () => session.end() } satisfies PostgresSession;
    },
    isOver: () => count >= at,
  };
}

/** A role with its first login, as it is after a deployment. */
export interface Deployed extends TestRotation {
  readonly current: string;
}

/** What tests do to a server, and see of it. */
export interface Rotations {
  deployed(): Promise<Deployed>;
  /** The first three steps. Resolves to the new value. */
  proven(rotation: TestRotation, current: string): Promise<string>;
  /** The old value is shut out, once its sessions have gone. */
  retired(rotation: TestRotation, values: { readonly current: string; readonly previous: string }): Promise<void>;
  /** All of it. Resolves to the new value. */
  rotated(rotation: TestRotation, current: string): Promise<string>;
  /** As whom somebody acts whom a secret lets in. */
  actsAs(secret: string): Promise<string>;
  /** A session is on the list for a moment after its client has gone. */
  gone(secret: string): Promise<void>;
  asAdmin(...statements: readonly string[]): Promise<void>;
}

export interface RotationStage extends PostgresStage {
  readonly on: Rotations;
}

/** A server that writes every login to its log as well, and what tests do to it. */
export async function setRotations(): Promise<RotationStage> {
  const stage = await setPostgres({ parameters: { log_connections: 'on' } });
  return { ...stage, on: rotationsOn(stage.postgres) };
}

function rotationsOn(postgres: RunningPostgres): Rotations {
  const on: Rotations = {
    deployed: async () => {
      const rotation = rotationOf(postgres);
      const secret = generated(rotation.configuration.role);
      return { ...rotation, current: await rotation.strategy.ensure(secret) ?? secret };
    },
    proven: async ({ strategy }, current) => {
      const pending = await strategy.create(current);
      loginIn(pending);
      await strategy.set({ current, pending });
      await strategy.test(pending);
      return pending;
    },
    retired: async ({ strategy }, values) => {
      await on.gone(values.previous);
      expect(await strategy.retire(values)).toEqual({ outcome: 'retired' });
    },
    rotated: async (rotation, current) => {
      const next = await on.proven(rotation, current);
      await on.retired(rotation, { current: next, previous: current });
      return next;
    },
    actsAs: (secret) => asLogin(postgres, loginIn(secret), async (client) => (await client.query<{ role: string }>('SELECT current_user::text AS role')).rows[0]?.role ?? ''),
    gone: (secret) => asLogin(postgres, postgres.admin, async (client) => {
      while ((await client.query('SELECT 1 FROM pg_stat_activity WHERE usename = $1', [loginIn(secret).username])).rowCount !== 0) await sleep(10);
    }),
    asAdmin: (...statements) => asLogin(postgres, postgres.admin, async (client) => {
      for (const statement of statements) await client.query(statement);
    }),
  };
  return on;
}

/** That no password stands in what a server wrote, which wrote every statement and every login, nor in what was said and noted; and no verifier in the latter. */
export function expectDiscretion(log: string): void {
  expect(passwords.size).toBeGreaterThan(20);
  expect(said.length).toBeGreaterThan(20);
  expect(log).toContain('CREATE ROLE');
  expect(log).toContain('connection auth');
  for (const password of passwords) expect([log.includes(password), said.some((line) => line.includes(password))]).toEqual([false, false]);
  expect(said.filter((line) => line.includes('SCRAM-SHA-256$'))).toEqual([]);
}
