import { writeSync } from 'node:fs';
import { createRedactor } from '../shared/redactor';
import { wait } from '../shared/wait';
import { createAudit } from './audit';
import { standardOutput } from './audit/output';
import { createCertificate } from './certificate';
import { startCounting } from './counting';
import { drainOnSignal } from './drain';
import { createAuthenticator } from './identity/authenticator';
import { openTable } from './identity/dynamo-table';
import { createLog } from './log';
import { createMetrics, serveMetrics, startEmf } from './metrics';
import { ConfigurationError, readConfiguration, type ReadConfiguration } from './read-configuration';
import { listeningHost, startGate, type RunningGate } from './server';

const STDERR = 2;

/** Says one line and ends; of an error its code at most is said, since others' words may hold anything. */
function giveUp(line: string): never {
  // Written before the process is gone, which `process.stderr` does not promise.
  writeSync(STDERR, `${line}\n`);
  process.exit(1);
}

/** Such as EADDRINUSE, by which whoever started it on a port of his own choice knows to try another one; else the class. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^[A-Z][A-Z0-9_]{1,40}$/.test(code)) return code;
  return error instanceof Error ? error.constructor.name : 'unknown';
}

async function run({ configuration, secrets }: ReadConfiguration): Promise<void> {
  const clock = Date.now;
  const { profile, identity, rate } = configuration;
  const known = Object.values(secrets).filter((secret: string | undefined) => secret !== undefined);
  const redactor = createRedactor({ keyPrefix: identity.key?.prefix, secrets: known });
  const output = standardOutput();
  const log = createLog(output, redactor);
  const metrics = createMetrics({ clock });
  const audit = createAudit({ output, key: secrets.auditKey, clock, metrics, redactor });
  const emf = startEmf(metrics, { output, namespace: configuration.metrics.namespace, clock, wait });
  const counting = startCounting(rate, { audit, metrics, log, clock, password: secrets.redisPassword ?? '' });
  const table = openTable(configuration.table, { clock, log });
  const authenticator = createAuthenticator(identity, { keys: table.keys, keySets: table.keySets, clock, log, metrics, profile, sharedSecret: secrets.sharedSecret });
  const running: { gate?: RunningGate } = {};
  const drain = async (): Promise<void> => {
    log.info({ event: 'draining' });
    // Whoever was under way is recorded, and his lease released, before anything that would do so is stopped.
    await running.gate?.drain();
    await counting.stop();
    table.revocations.stop();
    await emf.stop();
    // Its final mark is the last line: a gate without one was killed.
    await audit.stop();
    // Where not all of it got out, this is not reached, and the others report what is missing.
    await counting.leave();
  };
  drainOnSignal(process, drain, (code) => process.exit(code));
  // Before that nobody would be let in: a task that cannot read its table never becomes healthy, and a deployment of such stops.
  await table.revocations.start();
  const { port } = configuration.metrics;
  if (port !== undefined) await serveMetrics(metrics, { port, host: listeningHost(profile), certificate: await createCertificate(clock()) });
  running.gate = await startGate({ configuration, secrets, authenticator, revocations: table.revocations, limiter: counting.limiter, audit, metrics, clock });
  log.info({ event: 'listening' });
}

for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, () => giveUp(`gate: ${event}`));

try {
  run(readConfiguration(process.env)).catch((error: unknown) => giveUp(`gate: could not start: ${reasonOf(error)}`));
} catch (error) {
  giveUp(error instanceof ConfigurationError ? error.message : 'gate: the configuration could not be read');
}
