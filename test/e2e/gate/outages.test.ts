import { request } from 'node:https';
import { setTimeout as after } from 'node:timers/promises';
import { Duration } from 'aws-cdk-lib';
import type { GateGround } from '../../../src/drill/gate/ground';
import type { RunningRedis } from '../../../src/drill/services/redis';
import { bundleRuntime } from '../../../tools/bundle-runtime';
import { KEYS_AND_TOKENS } from '../../../tools/trial/core';
import { openStand, type Stand } from '../../../tools/trial/stand';
import { type Relay, startRelay } from '../../support/relay';

/** What the gate promises to know within (IDN-4), and a poll that may just have begun. */
const LIST_AGE_MS = 5000 + 2000;
/** The gate says 503 within 300 ms; the rest is for a machine that does other things as well. */
const PATIENCE_MS = 1000;

let stand: Stand;
let store: RunningRedis | undefined;
let table: Relay;
let key: string;

/** Leaves the store as it is, and puts a relay before the table. */
function between(ground: GateGround): GateGround {
  return {
    storeOf: async (gate) => {
      store = await ground.storeOf(gate);
      return store;
    },
    tableOf: async (gate) => {
      const direct = await ground.tableOf(gate);
      const endpoint = new URL(direct.address.endpoint);
      table = await startRelay(Number(endpoint.port));
      endpoint.port = String(table.port);
      return { ...direct, address: { ...direct.address, endpoint: endpoint.href.replace(/\/$/, '') } };
    },
  };
}

beforeAll(async () => {
  bundleRuntime();
  stand = await openStand({ authorizer: KEYS_AND_TOKENS, streamIdleTimeout: Duration.seconds(60), limits: { perSecond: 1000, window: Duration.seconds(10) }, between });
  key = await stand.makeKey('chat');
}, 120_000);
afterAll(async () => {
  table.stop();
  await stand.stop();
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly tookMs: number;
}

function ask(headers: Readonly<Record<string, string>> = { 'x-api-key': key }): Promise<Answer> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: stand.gatePort, path: '/v1/models', headers, rejectUnauthorized: false, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { body += chunk; })
        .on('end', () => resolve({ status: response.statusCode ?? 0, body, tookMs: performance.now() - start }));
    }).on('error', reject).end();
  });
}

/** Until an answer has the status; what was answered before it. */
async function until(status: number, withinMs: number): Promise<readonly number[]> {
  const end = Date.now() + withinMs;
  const before: number[] = [];
  for (;;) {
    const answer = await ask();
    if (answer.status === status) return before;
    before.push(answer.status);
    if (Date.now() > end) throw new Error(`No ${status} within ${withinMs} ms: ${before.join()}`);
    await after(50);
  }
}

function counters(): RunningRedis {
  if (store === undefined) throw new Error('The gate counts nothing.');
  return store;
}

describe('the gate, as its template has it', () => {
  test('lets a known key through, and says 401 without one', async () => {
    expect((await ask()).status).toBe(200);
    expect((await ask({})).status).toBe(401);
  });

  test.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
    ['is frozen', () => counters().freeze(), () => counters().thaw()],
    ['is gone', () => counters().kill(), () => counters().restart()],
  ])('is closed within a second while its Redis %s, and opens by itself', async (_, harm, heal) => {
    const reached = stand.core.requests.length;
    await harm();
    try {
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
      expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(PATIENCE_MS);
      expect(stand.core.requests).toHaveLength(reached);
      // What needs no counting is answered as ever.
      expect((await ask({})).status).toBe(401);
    } finally {
      await heal();
    }
    await until(200, 20_000);
  });

  test.each<[string, () => void]>([
    ['is frozen', () => table.freeze()],
    ['hangs up', () => table.cut()],
  ])('is closed once its list of revocations is too old, while the table %s, and opens by itself', async (_, harm) => {
    harm();
    try {
      const before = await until(503, LIST_AGE_MS + 5000);
      expect(new Set(before)).toEqual(before.length > 0 ? new Set([200]) : new Set());
      const reached = stand.core.requests.length;
      await Promise.all(Array.from({ length: 10 }, () => ask()));
      expect(stand.core.requests).toHaveLength(reached);
    } finally {
      table.heal();
    }
    await until(200, 20_000);
  }, 60_000);

  test('writes nothing of a secret into its log, whatever goes wrong', () => {
    const log = stand.gateOutput();
    expect(log).not.toBe('');
    expect(log).not.toContain(key);
    for (const { password } of counters().users) expect(log).not.toContain(password);
  });
});
