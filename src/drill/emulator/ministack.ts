import { isPortTaken, withFreePort } from '../processes/free-port';
import type { ManagedProcess, Supervisor } from '../processes/supervisor';
import { type Emulator, EmulatorError } from './emulator';

export interface MinistackOptions {
  readonly supervisor: Supervisor;
  /** Path of the executable. */
  readonly ministack: string;
  readonly account: string;
  readonly region: string;
  /** Whether policies of roles and buckets decide what may be done, and nobody signs with made-up keys. @default false */
  readonly enforcesPolicies?: boolean;
}

const HOST = '127.0.0.1';
const STARTUP_MS = 60_000;
const POLL_MS = 30;

/** Starts ministack on a free port of this machine and waits until it answers. */
export function startMinistack(using: MinistackOptions): Promise<Emulator> {
  return withFreePort(async (port) => {
    const running = using.supervisor.start('ministack', using.ministack, [], environment(using, port));
    const endpoint = `http://${HOST}:${port}`;
    try {
      const version = await answering(running, endpoint);
      return { name: `ministack ${version}`, endpoint, region: using.region, account: using.account, stop: () => running.stop() };
    } catch (error) {
      await running.stop();
      throw error;
    }
  });
}

/** What it listens on beside its port, and what it would start by itself, is turned off: two drills at once must not meet. */
function environment({ supervisor, account, region, enforcesPolicies = false }: MinistackOptions, port: number): Record<string, string> {
  return {
    BIND_HOST: HOST,
    GATEWAY_PORT: String(port),
    MINISTACK_ACCOUNT_ID: account,
    MINISTACK_REGION: region,
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    S3_DATA_DIR: `${supervisor.folder}/ministack-${port}/s3`,
    // A socket that is not there: the engine would run an ECS service's images where it finds Docker.
    DOCKER_HOST: `unix://${supervisor.folder}/no-docker.sock`,
    LOG_LEVEL: 'WARNING',
    AUTH: String(enforcesPolicies),
  };
}

/** The version that the engine's health page names. */
async function answering(running: ManagedProcess, endpoint: string): Promise<string> {
  const deadline = Date.now() + STARTUP_MS;
  const ended = running.exited.then(() => 'ended' as const);
  while (Date.now() < deadline) {
    const version = await versionOf(endpoint);
    if (version !== undefined) return version;
    const first = await Promise.race([ended, new Promise<'waited'>((resolve) => setTimeout(resolve, POLL_MS, 'waited'))]);
    if (first === 'ended') {
      const output = running.output();
      // Quoted where another port helps, so that whoever asked for this one knows it.
      throw new EmulatorError(`ministack ended before it answered: ${isPortTaken(output) ? 'its address is already in use' : output.trim()}`);
    }
  }
  throw new EmulatorError(`ministack did not answer within ${STARTUP_MS / 1000} s. Its last lines:\n${running.output().trim()}`);
}

async function versionOf(endpoint: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(1000) });
    if (!response.ok) return undefined;
    const { version } = await response.json() as { readonly version?: unknown };
    return typeof version === 'string' && version !== '' ? version : 'of unknown version';
  } catch {
    return undefined;
  }
}
