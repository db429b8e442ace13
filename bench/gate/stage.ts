import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { freePort } from '../../src/drill/processes/free-port';
import { createPki } from '../../src/drill/services/pki';
import { type AclUser, startRedis, type RunningRedis } from '../../src/drill/services/redis';
import { openToolbox, type Toolbox } from '../../src/drill/toolbox/toolbox';
import { GATE_REDIS_COMMANDS } from '../../src/gate/redis-commands';
import { type Certificate, createCertificate } from '../../src/runtime/gate/certificate';
import { startDynamoStub, type DynamoStub } from './dynamo-stub';
import { debian, type Program } from './installed';
import { type BenchKeys, makeKeys } from './keys';
import { bundleServices } from './services/bundle';
import type { ServiceSettings } from './services/settings';
import { startUpstream } from './upstream';

/** What all peers share, so that they differ in nothing but themselves. */
export interface Stage {
  readonly supervisor: Supervisor;
  readonly folder: string;
  readonly toolbox: Toolbox;
  readonly nginx: Program;
  readonly wrk: Program;
  readonly redis: RunningRedis & { readonly pids: readonly number[] };
  readonly redisUser: AclUser;
  /** Whose commands and keys are its own. */
  readonly liteLlmUser: AclUser;
  readonly dynamo: DynamoStub;
  readonly keys: BenchKeys;
  /** P-256, as the gate makes its own. */
  readonly certificate: Certificate & { readonly keyFile: string; readonly certFile: string };
  readonly corePort: number;
  readonly services: ReturnType<typeof bundleServices>;
  /** For a service of the bench that is to listen on a port. */
  settingsFor(owner: string, port: number): ServiceSettings;
  /** The AWS SDK's variables, which lead to the table. */
  readonly tableEnvironment: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
  stop(): Promise<void>;
}

export const TABLE = { name: 'gate', region: 'eu-central-1' } as const;
export const REDIS_PREFIX = 'gate';

export async function openStage(say: (line: string) => void): Promise<Stage> {
  const [nginx, wrk] = [debian('nginx', say), debian('wrk', say)];
  const [toolbox, supervisor, pki, pem] = await Promise.all([openToolbox(say), Supervisor.open(), createPki(), createCertificate(Date.now())]);
  try {
    const { folder } = supervisor;
    const [keyFile, certFile] = [path.join(folder, 'server.key'), path.join(folder, 'server.pem')];
    await Promise.all([writeFile(keyFile, pem.key, { mode: 0o600 }), writeFile(certFile, pem.cert)]);
    const keys = makeKeys();
    const allowed = GATE_REDIS_COMMANDS.map((command) => `+${command}`).join(' ');
    const redisUser: AclUser = { userName: 'gate', accessString: `on ~${REDIS_PREFIX}:* resetchannels -@all ${allowed}`, keyPrefixes: [`${REDIS_PREFIX}:`], password: randomUUID() };
    const liteLlmUser: AclUser = { userName: 'litellm', accessString: 'on ~* &* +@all', keyPrefixes: [''], password: randomUUID() };
    const pids: number[] = [];
    const watched = Object.assign(Object.create(supervisor) as Supervisor, {
      start: (...args: Parameters<Supervisor['start']>) => {
        const started = supervisor.start(...args);
        pids.push(started.pid);
        return started;
      },
    });
    const redis = await startRedis({ supervisor: watched, toolbox, pki, users: [redisUser, liteLlmUser] });
    const [dynamo, corePort] = await Promise.all([startDynamoStub([...keys.good, keys.limited]), freePort()]);
    supervisor.onStop(() => dynamo.stop());
    await startUpstream({ supervisor, nginx, corePort });
    return {
      supervisor, folder, toolbox, nginx, wrk, redis: { ...redis, pids }, redisUser, liteLlmUser, dynamo, keys, corePort, say,
      certificate: { ...pem, keyFile, certFile },
      services: bundleServices(folder),
      settingsFor: (owner, port) => ({
        owner, port, corePort, ...pem,
        table: TABLE,
        redis: { host: redis.host, port: redis.port, user: redisUser.userName, password: redisUser.password, caPem: redis.caPem },
      }),
      tableEnvironment: { AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint, AWS_REGION: TABLE.region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      stop: () => supervisor.stop(),
    };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}
