import { createServer, type Server } from 'node:net';
import { freePort, isPortTaken, withFreePort } from '../../../src/drill/processes/free-port';

const servers: Server[] = [];

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    servers.push(server);
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

test('a free port can be bound', async () => {
  await expect(listen(await freePort())).resolves.toBeDefined();
});

test('two askers never get the same port', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, () => freePort()));
  expect(new Set(ports).size).toBe(200);
});

test('where somebody was faster, another port is tried', async () => {
  const tried: number[] = [];
  await withFreePort(async (port) => {
    tried.push(port);
    if (tried.length === 1) await listen(port);
    return listen(port);
  });
  expect(tried).toHaveLength(2);
  expect(tried[0]).not.toBe(tried[1]);
});

test('a start that fails for another reason is not tried again', async () => {
  let tried = 0;
  const start = withFreePort(() => {
    tried += 1;
    return Promise.reject(new Error('no such file'));
  });
  await expect(start).rejects.toThrow('no such file');
  expect(tried).toBe(1);
});

test('one who is always too late gives up with the last reason', async () => {
  let tried = 0;
  const start = withFreePort(() => {
    tried += 1;
    return Promise.reject(new Error('listen EADDRINUSE'));
  });
  await expect(start).rejects.toThrow('EADDRINUSE');
  expect(tried).toBe(5);
});

test.each([
  "cannot bind '127.0.0.1:1234': Address already in use",
  '[Errno 98] error while attempting to bind on address: address already in use',
  'ERROR: 127.0.0.1:4566 is already in use. Is MiniStack already running?',
])('a program that says %p has found its port taken', (words) => {
  expect(isPortTaken(new Error(words))).toBe(true);
});
