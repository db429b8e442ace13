import { writeSync } from 'node:fs';
import { createRedactor } from '../shared/redactor';
import { drainOnSignal } from './drain';
import { createAuthenticator } from './identity/authenticator';
import { openTable } from './identity/dynamo-table';
import { createLimiter } from './limiter';
import { createLog, standardOutput } from './log';
import type { Limiter } from './ports';
import { ConfigurationError, readConfiguration, type ReadConfiguration } from './read-configuration';
import { startGate, type RunningGate } from './server';

/** Where nothing is configured to count, nothing is counted. */
const NO_LIMITER: Limiter & { stop(): Promise<void> } = { take: () => Promise.resolve(), stop: () => Promise.resolve() };

const STDERR = 2;

/** Says one line and ends; nothing else of an error is said, since others' words may hold anything. */
function giveUp(line: string): never {
  // Written before the process is gone, which `process.stderr` does not promise.
  writeSync(STDERR, `${line}\n`);
  process.exit(1);
}

async function run({ configuration, secrets }: ReadConfiguration): Promise<void> {
  const clock = Date.now;
  const known = Object.values(secrets).filter((secret: string | undefined) => secret !== undefined);
  const log = createLog(standardOutput(), createRedactor({ keyPrefix: configuration.identity.key?.prefix, secrets: known }));
  const table = openTable(configuration.table, { clock, log });
  const { profile, identity, rate } = configuration;
  const authenticator = createAuthenticator(identity, { keys: table.keys, keySets: table.keySets, clock, log, profile, sharedSecret: secrets.sharedSecret });
  // An empty password is refused by Redis, and so by the limiter.
  const limiter = rate ? createLimiter(rate, { password: secrets.redisPassword ?? '', log }) : NO_LIMITER;
  const running: { gate?: RunningGate } = {};
  const drain = async (): Promise<void> => {
    log.info({ event: 'draining' });
    await running.gate?.drain();
  };
  drainOnSignal(process, drain, (code) => process.exit(code));
  // Before that nobody would be let in: a task that cannot read its table never becomes healthy, and a deployment of such stops.
  await table.revocations.start();
  running.gate = await startGate({ configuration, secrets, authenticator, revocations: table.revocations, limiter, log, clock });
  log.info({ event: 'listening' });
}

for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, () => giveUp(`gate: ${event}`));

try {
  run(readConfiguration(process.env)).catch(() => giveUp('gate: could not start'));
} catch (error) {
  giveUp(error instanceof ConfigurationError ? error.message : 'gate: the configuration could not be read');
}
