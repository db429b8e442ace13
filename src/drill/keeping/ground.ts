import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Template } from '../../checks/template/template';
import type { AssetFiles } from '../emulator/assets';
import { startAlbFront } from '../broker/alb-front';
import { type AskSql, duckDb } from '../delivery/sql';
import { deploy } from '../emulator/deploy';
import type { Emulator } from '../emulator/emulator';
import { startMinistack } from '../emulator/ministack';
import type { Supervisor } from '../processes/supervisor';
import { startMemcached } from '../services/memcached';
import { createPki, type Pki } from '../services/pki';
import { startPostgres } from '../services/postgres';
import { startRedis } from '../services/redis';
import type { Toolbox } from '../toolbox/toolbox';
import { type EmulatorCredentials, type KeepingClients, keepingClients } from './clients';
import { codeOf, runFunction, surroundingsOf } from './function';
import { putFromOutside } from './outside';
import type { KeepingGround, Standing } from './run';
import { openKeepingScene, type SceneParts, type StoreHouse } from './scene';

export interface KeepingSurroundings {
  readonly supervisor: Supervisor;
  readonly toolbox: Pick<Toolbox, 'ministack' | 'valkey' | 'envoy' | 'python'>;
  readonly account: string;
  readonly region: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Of the assembly: the code of functions. */
  readonly assets: AssetFiles;
}

/**
 * An engine of its own, apart from the one that is read back: it enforces policies, and attacks change what it holds. One for all deployments, emptied between them.
 */
export function keepingGround(around: KeepingSurroundings): KeepingGround {
  const shared: Shared = { stores: storeHouse(around), ask: duckDb(around.supervisor, around.toolbox.python) };
  return {
    stand: async (templates) => {
      shared.engine ??= startMinistack({ ...around, ministack: around.toolbox.ministack, enforcesPolicies: true });
      const emulator = await shared.engine;
      await emptied(emulator);
      return standOn(emulator, templates, around, shared);
    },
  };
}

interface Shared {
  engine?: Promise<Emulator>;
  readonly stores: StoreHouse;
  readonly ask: AskSql;
}

async function emptied({ endpoint }: Emulator): Promise<void> {
  const { ok, status } = await fetch(`${endpoint}/_ministack/reset`, { method: 'POST' });
  if (!ok) throw new Error(`the emulator could not be emptied: it answered ${status}.`);
}

async function standOn(emulator: Emulator, templates: readonly Template[], { parameters, assets, supervisor }: KeepingSurroundings, { stores, ask }: Shared): Promise<Standing> {
  const deployment = await deploy(emulator, { templates, parameters, assets });
  const aws = keepingClients(emulator);
  const opened = [aws];
  const kept = (clients: typeof aws): typeof aws => {
    opened.push(clients);
    return clients;
  };
  const parts: SceneParts = {
    deployment,
    aws,
    stores,
    ask,
    as: oncePer(async (roleArn) => kept(keepingClients(emulator, await assumed(aws, emulator.account, roleArn)))),
    elsewhere: (region) => kept(keepingClients(emulator, aws.credentials, region)),
    run: (fn, environment, credentials, event) => runFunction({ supervisor, assets, emulator }, fn, { environment, credentials }, event),
    serve: async (fn, environment, credentials, options) => {
      const { file } = await codeOf(fn, { supervisor, assets });
      const front = await startAlbFront({ ...options, file, env: { HOME: supervisor.folder, ...surroundingsOf(emulator, { environment, credentials }) } });
      supervisor.onStop(() => front.stop());
      return front;
    },
  };
  await putFromOutside(openKeepingScene(parts, []));
  return {
    open: (transcript) => openKeepingScene(parts, transcript),
    stop: () => {
      opened.forEach((clients) => clients.close());
      deployment.aws.close();
      return Promise.resolve();
    },
  };
}

/** Who may take a role is ECS or Lambda alone; the drill takes it in their place. */
async function assumed({ iam, sts }: KeepingClients, account: string, RoleArn: string): Promise<EmulatorCredentials> {
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: RoleArn.split('/').at(-1), PolicyDocument: trusting(account) }));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'drill' }));
  return { accessKeyId: Credentials?.AccessKeyId ?? '', secretAccessKey: Credentials?.SecretAccessKey ?? '', sessionToken: Credentials?.SessionToken };
}

function trusting(account: string): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${account}:root` } }] });
}

/** One store for each way to configure it: what attacks leave in one disturbs no other. */
function storeHouse({ supervisor, toolbox }: KeepingSurroundings): StoreHouse {
  const pki = once(() => createPki());
  const started = new Map<string, Promise<unknown>>();
  const shared = <T>(key: string, start: (made: Pki) => Promise<T>): Promise<T> => {
    const store = (started.get(key) ?? pki().then(start)) as Promise<T>;
    started.set(key, store);
    return store;
  };
  const authorities = once(async () => {
    const file = path.join(supervisor.folder, 'store-authorities.pem');
    await writeFile(file, (await pki()).serverCaPem);
    return file;
  });
  return {
    postgres: (parameters, owner = '') => shared(`postgres ${JSON.stringify([parameters, owner])}`, (made) => startPostgres({ supervisor, pki: made, parameters })),
    redis: async (options) => startRedis({ supervisor, toolbox, pki: await pki(), ...options }),
    authorities,
    stranger: async () => (await pki()).clientCaPem,
    memcached: ({ tls }) => shared(`memcached ${tls}`, (made) => startMemcached({ supervisor, ...(tls && { tls: made }) })),
  };
}

function oncePer<T>(make: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (key) => {
    const one = made.get(key) ?? make(key);
    made.set(key, one);
    return one;
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
