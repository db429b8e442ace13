import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { REVOCATION_MAX_AGE_SECONDS } from '../../../src/gate/contract';
import { bundleRuntime } from '../../../tools/bundle-runtime';
import { KEYS_AND_TOKENS } from '../../../tools/trial/core';
import { openStand, type Stand } from '../../../tools/trial/stand';

let stand: Stand;
let stop: () => Promise<void> = () => Promise.resolve();
beforeAll(async () => {
  bundleRuntime();
  stand = await openStand({ authorizer: KEYS_AND_TOKENS });
  stop = () => stand.stop();
}, 120_000);
afterAll(() => stop());

/** Begins an upload that never ends; resolves with what becomes of it. */
async function upload(key: string): Promise<{ readonly answer: Promise<IncomingMessage> }> {
  const asked = request({
    host: '127.0.0.1', port: stand.gatePort, path: '/v1/files', method: 'POST', rejectUnauthorized: false, agent: false,
    headers: { 'x-api-key': key, 'content-type': 'application/octet-stream', 'content-length': '10', 'expect': '100-continue' },
  });
  asked.on('error', () => undefined).flushHeaders();
  // The gate says so once it has let the caller through.
  await once(asked, 'continue');
  asked.write('abc');
  return { answer: once(asked, 'response').then(([response]) => response as IncomingMessage) };
}

test.each<[string, number, (key: string) => Promise<void>, (key: string) => Promise<void>]>([
  [
    'a revocation', 401, (key) => stand.table.revoke('key', createHash('sha256').update(key).digest('hex')),
    (key) => stand.table.unrevoke('key', createHash('sha256').update(key).digest('hex')),
  ],
  // Last, since it takes the gate a while to hear of its end.
  ['a lockdown', 503, () => stand.table.lock(true), () => stand.table.lock(false)],
])('%s ends what is open within five seconds of being written', async (_name, status, write, undo) => {
  const key = await stand.makeKey('files');
  const uploads = await Promise.all([upload(key), upload(key)]);
  await write(key);
  const writtenAt = performance.now();
  try {
    const answers = await Promise.all(uploads.map(({ answer }) => answer));
    expect(performance.now() - writtenAt).toBeLessThan(REVOCATION_MAX_AGE_SECONDS * 1000);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([status, status]);
  } finally {
    await undo(key);
  }
}, 60_000);
