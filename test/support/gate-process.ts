import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import type { GateConfiguration } from '../../src/gate/contract';
import { bundleRuntime } from '../../tools/bundle-runtime';
import { eventually } from './gate-server';

/** The bundled service as a process, with all that it says. */
export interface GateProcess {
  readonly port: number;
  readonly child: ChildProcess;
  /** Of its standard output, as far as somebody has read it. */
  readonly lines: readonly string[];
  /** As a log driver that does not keep up. */
  stopReading(): void;
  goOnReading(): void;
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** A table that is there. */
export interface ServedTable {
  readonly endpoint: string;
  readonly name: string;
  readonly region: string;
}

export interface GateRunner {
  /**
   * @param configuration whose port is filled in, and whose table
   * @param served by default one in which nothing stands
   */
  start(configuration: GateConfiguration, secrets: Readonly<Record<string, string>>, caPem: string, served?: ServedTable): Promise<GateProcess>;
  stop(): Promise<void>;
}

/** The bundle, and a table in which nothing stands. */
export async function gateRunner(): Promise<GateRunner> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gate-process-'));
  bundleRuntime(folder);
  const table = createHttpServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"Items":[],"Count":0}'));
  });
  table.listen(0, '127.0.0.1');
  await once(table, 'listening');
  const children: ChildProcess[] = [];
  return {
    async start(configuration, secrets, caPem, served) {
      const port = await freePort();
      const ca = path.join(folder, `${children.length}.pem`);
      writeFileSync(ca, caPem);
      const child = spawn(process.execPath, [path.join(folder, 'gate', 'index.js')], {
        cwd: folder,
        env: {
          NODE_ENV: 'production', NODE_EXTRA_CA_CERTS: ca, AWS_ENDPOINT_URL_DYNAMODB: served?.endpoint ?? `http://127.0.0.1:${(table.address() as AddressInfo).port}`,
          AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x',
          ...secrets, GATE_CONFIGURATION: JSON.stringify({ ...configuration, port, table: { name: served?.name ?? 'table', region: served?.region ?? 'eu-west-1' } }),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.push(child);
      const lines: string[] = [];
      const read = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
      let complaint = '';
      child.stderr.on('data', (chunk: Buffer) => { complaint += chunk.toString(); });
      const closed = once(child, 'close');
      await eventually(() => lines.some((line) => line.includes('"listening"')) || child.exitCode !== null);
      if (child.exitCode !== null) throw new Error(`The gate did not start: ${complaint}`);
      return {
        port, child, lines,
        stopReading: () => read.pause(),
        goOnReading: () => read.resume(),
        async kill(signal) {
          child.kill(signal);
          await closed;
        },
      };
    },
    async stop() {
      for (const child of children) child.kill('SIGKILL');
      table.closeAllConnections();
      table.close();
      rmSync(folder, { recursive: true, force: true });
      await once(table, 'close');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
