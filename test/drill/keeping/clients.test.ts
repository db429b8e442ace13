import { createServer, type IncomingMessage } from 'node:http';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Emulator } from '../../../src/drill/emulator/emulator';
import { type KeepingClients, keepingClients } from '../../../src/drill/keeping/clients';
import { listenOnLoopback, type LoopbackServer } from '../../../src/drill/services/loopback';

const heard: IncomingMessage['headers'][] = [];
let listening: LoopbackServer;
let opened: KeepingClients[] = [];

beforeAll(async () => {
  listening = await listenOnLoopback(createServer((request, response) => {
    heard.push(request.headers);
    request.resume().on('end', () => response.end('{"SecretString":"x"}'));
  }));
});
afterEach(() => {
  opened.forEach((clients) => clients.close());
  opened = [];
  heard.length = 0;
});
afterAll(() => listening.stop());

function open(...more: [credentials?: KeepingClients['credentials'], region?: string]): KeepingClients {
  const emulator = { name: 'e', endpoint: `http://127.0.0.1:${listening.port}`, region: 'eu-central-1', account: '111122223333' } as Emulator;
  const clients = keepingClients(emulator, ...more);
  opened.push(clients);
  return clients;
}

test('one client of S3 asks as if over TLS, and one as it does', async () => {
  const { s3, plainS3 } = open();
  const put = new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' });
  await s3.send(put);
  await plainS3.send(put);
  expect(heard.map((headers) => headers['x-forwarded-proto'])).toEqual(['https', undefined]);
});

test('everything is asked with the credentials and in the region that were given', async () => {
  await open({ accessKeyId: 'somebody', secretAccessKey: 'x', sessionToken: 'session' }, 'eu-west-1').secrets.send(new GetSecretValueCommand({ SecretId: 's' }));
  expect(heard[0]).toMatchObject({ 'authorization': expect.stringMatching(/Credential=somebody\/\d+\/eu-west-1\//) as unknown, 'x-amz-security-token': 'session' });
});

test('without any it is the root, at home', async () => {
  await open().secrets.send(new GetSecretValueCommand({ SecretId: 's' }));
  expect(heard[0]?.authorization).toMatch(/Credential=test\/\d+\/eu-central-1\//);
});
