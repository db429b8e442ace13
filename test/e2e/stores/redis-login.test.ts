import { createClient } from '@redis/client';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PrivateNetwork, SecureRedis } from '../../../src';
import { TemplateGraph } from '../../../src/checks/template/template-graph';
import { treeTemplates } from '../../../src/checks/tree-templates';
import { aclUsersOf } from '../../../src/drill/services/redis';
import { containersIn } from '../../support/gate';
import { ENV } from '../../support/network-stack';
import { type RedisStage, setRedis } from '../../support/redis';
import { remoteCore } from '../../support/remote-core';

/** What stands for the cache in the template, and for this machine in the test. */
const HOST = String.raw`\{"Fn::GetAtt":\["RedisCache[0-9A-F]{8}","PrimaryEndPoint.Address"\]\}`;
const URL = new RegExp(String.raw`\{"Fn::Join":\["",\["rediss://",${HOST},":6379"\]\]\}`);

let stage: RedisStage;
/** What the Core's container is told, as if it had been deployed. */
let told: Record<string, string>;

beforeAll(async () => {
  const app = new App();
  const stack = new Stack(app, 'Test', { env: ENV });
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  const redis = new SecureRedis(stack, 'Redis', { network });
  remoteCore(stack, { network, gate: { redis }, stores: [redis.addUser('Core', { keyPrefix: 'core', commands: ['get', 'set'] })] });
  const users = aclUsersOf(new TemplateGraph(treeTemplates(app)));
  stage = await setRedis(users);
  const { Environment = [] } = containersIn(Template.fromStack(stack)).Core ?? {};
  const { host, port } = stage.redis;
  const deployed = JSON.stringify(Environment).replace(URL, `"rediss://${host}:${port}"`).replace(new RegExp(HOST), `"${host}"`);
  told = Object.fromEntries((JSON.parse(deployed) as { Name: string; Value: string }[]).map(({ Name, Value }) => [Name, Value]));
  const own = users.find(({ userName }) => userName === told.REDIS_USERNAME);
  if (!own) throw new Error('The template does not know whom the Core logs in as.');
  told.REDIS_PASSWORD = own.password;
}, 120_000);

afterAll(() => stage.stop());

/** As docs/redis.md tells programs to do it. */
function clientOf(login: { readonly username?: string; readonly password?: string }): ReturnType<typeof createClient> {
  const client = createClient({ url: told.REDIS_URL, ...login, socket: { tls: true, ca: stage.redis.caPem, reconnectStrategy: false }, disableClientInfo: true, maintNotifications: 'disabled' });
  client.on('error', () => undefined);
  return client as ReturnType<typeof createClient>;
}

async function asCore<T>(use: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
  const client = clientOf({ username: told.REDIS_USERNAME, password: told.REDIS_PASSWORD });
  await client.connect();
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

test('A Core logs in with what it is told and the password that it is given, and keeps what is its own', async () => {
  const key = `${told.REDIS_KEY_PREFIX}greeting`;
  expect(await asCore(async (client) => [await client.set(key, 'hello'), await client.get(key)])).toEqual(['OK', 'hello']);
});

test.each<[string, (client: ReturnType<typeof createClient>) => Promise<unknown>]>([
  ['a key of somebody else', (client) => client.get('gate:greeting')],
  ['a command that it was not let', (client) => client.del(`${told.REDIS_KEY_PREFIX}greeting`)],
])('It is refused %s', async (_, ask) => {
  await expect(asCore(ask)).rejects.toThrow('NOPERM');
});

test('Who knows its URL alone is let do nothing', async () => {
  const client = clientOf({});
  await expect(client.connect().then(() => client.get(`${told.REDIS_KEY_PREFIX}greeting`))).rejects.toThrow(/NOAUTH|NOPERM|WRONGPASS/);
  client.destroy();
});
