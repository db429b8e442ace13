import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { WireError } from '../../../src/drill/scene';
import { Transcript } from '../../../src/drill/services/transcript';
import { openAnswer } from '../../../src/drill/services/wire';

let server: Server;
let answered: ServerResponse[];

beforeEach(async () => {
  answered = [];
  server = createServer((_, response) => {
    answered.push(response);
    response.writeHead(207, { 'x-told': 'yes' }).write('first');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const to = () => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
const REQUEST = { method: 'GET', path: '/', headers: { host: 'core.test' } };

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

test('the head of an answer is there while its body goes on', async () => {
  const lines: string[] = [];
  const answer = await openAnswer(to(), REQUEST, new Transcript(lines));
  expect([answer.status, answer.headers['x-told'], answer.isOver()]).toEqual([207, 'yes', false]);
  expect(lines).toEqual(['> GET / HTTP/1.1', '> host: core.test', '< 207', '< x-told: yes']);
  answered[0]?.end('last');
  await until(() => answer.isOver());
});

test('whoever closes it is gone for the server too', async () => {
  const answer = await openAnswer(to(), REQUEST, new Transcript([]));
  const gone = once(answered[0] ?? server, 'close');
  answer.close();
  await gone;
  await until(() => answer.isOver());
});

test('it is over where the server breaks off', async () => {
  const answer = await openAnswer(to(), REQUEST, new Transcript([]));
  answered[0]?.destroy();
  await until(() => answer.isOver());
});

test('where nobody answers there is no answer', async () => {
  const { port } = to();
  server.close();
  await expect(openAnswer({ host: '127.0.0.1', port }, REQUEST, new Transcript([]))).rejects.toThrow(WireError);
});
