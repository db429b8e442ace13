import { createServer } from 'node:net';

const HOST = '127.0.0.1';
const ATTEMPTS = 5;

/** Ports this process has been given: the kernel may hand one out again before its first asker has bound it. */
const given = new Set<number>();

/** A port of 127.0.0.1 that nobody listens on, chosen by the operating system so that two drills do not ask for the same one. */
export async function freePort(): Promise<number> {
  const port = await askedOfTheKernel();
  if (given.has(port)) return freePort();
  given.add(port);
  return port;
}

/** Runs `use` with a free port, and with another one where somebody was faster: between asking for a port and binding it, it is anybody's. */
export async function withFreePort<T>(use: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await use(await freePort());
    } catch (error) {
      if (attempt === ATTEMPTS || !isPortTaken(error)) throw error;
    }
  }
}

/** By text, because a child process has no other way to say it than its output, which its starter quotes. */
export function isPortTaken(error: unknown): boolean {
  return /EADDRINUSE|already in use/i.test(String(error));
}

function askedOfTheKernel(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen({ host: HOST, port: 0 }, () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error(`No free port of ${HOST} was found.`));
      });
    });
  });
}
