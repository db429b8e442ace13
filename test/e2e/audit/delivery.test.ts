import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import {
  DeleteBucketPolicyCommand, DeleteObjectCommand, GetBucketPolicyCommand, GetObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand, PutBucketPolicyCommand, PutObjectCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { buildSync } from 'esbuild';
import { SignJWT } from 'jose';
import { Pool } from 'undici';
import { Delivery } from '../../../src/drill/delivery/delivery';
import { envelope } from '../../../src/drill/delivery/envelope';
import { lineFilter } from '../../../src/drill/delivery/filter-pattern';
import type { StoredObject } from '../../../src/drill/delivery/read-object';
import { keepingGround } from '../../../src/drill/keeping';
import { readAll } from '../../../src/drill/keeping/attacks/delivered';
import type { Standing } from '../../../src/drill/keeping/run';
import type { KeepingScene } from '../../../src/drill/keeping/scene';
import { carry } from '../../../src/drill/keeping/trail/carry';
import { type Trail, trailOf } from '../../../src/drill/keeping/trail/trails';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import type { GateConfiguration } from '../../../src/gate/contract';
import { readTrail } from '../../../src/runtime/gate/audit/read-trail';
import { type GateProcess, type GateRunner, gateRunner } from '../../support/gate-process';
import { gateConfiguration } from '../../support/gate-server';
import { auditedTemplate } from '../drill/fixtures/audited';
import type { DeliveryAsked } from './fixtures/delivery-like';

/** Nobody's: they are of these tests alone. */
const SECRET = 'a secret of these tests, which nobody else has';
const AUDIT_KEY = 'an audit key of these tests, which nobody else has';
const CANARY = 'c4n4ry';
const AT_ONCE = 16;
/** Small enough that a few hundred records are several objects. */
const BUFFER_BYTES = 16_000;

let scratch: string;
let program: string;
let supervisor: Supervisor;
let standing: Standing;
let scene: KeepingScene;
let trail: Trail;
let core: Server;
let runner: GateRunner;
let configuration: GateConfiguration;
let bearer: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'delivery-test-'));
  program = path.join(scratch, 'delivery.js');
  buildSync({ entryPoints: [path.join(__dirname, 'fixtures', 'delivery-like.ts')], bundle: true, platform: 'node', outfile: program });
  const [opened, toolbox] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  supervisor = opened;
  standing = await keepingGround({ supervisor, toolbox, account: '111122223333', region: 'eu-central-1', parameters: new Map(), assets: new Map() }).stand([auditedTemplate()]);
  scene = standing.open([]);
  const [stream] = scene.graph.ofType('AWS::KinesisFirehose::DeliveryStream');
  if (stream === undefined) throw new Error('The template has no stream.');
  const deployed = trailOf(scene, stream);
  trail = { ...deployed, stream: { ...deployed.stream, bufferBytes: BUFFER_BYTES } };

  core = createServer((request, response) => request.resume().on('end', () => response.end(JSON.stringify({ content: CANARY })))).listen(0, '127.0.0.1');
  await once(core, 'listening');
  runner = await gateRunner();
  configuration = gateConfiguration((core.address() as AddressInfo).port, {
    identity: {
      accept: [['token']],
      tokens: [{
        issuer: 'https://issuer.test', claims: [{ name: 'aud', values: ['core'] }], algorithms: ['HS256'], clockSkewSeconds: 5, subjectClaim: 'sub', scopesClaim: 'scope', rolesClaim: 'roles',
        keys: { source: 'secret', uri: 'local', ttlSeconds: 60, timeoutSeconds: 1, maxAttempts: 1, backoffSeconds: 1, maxBackoffSeconds: 1 },
      }],
    },
  });
  bearer = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' })
    .setIssuer('https://issuer.test').setAudience('core').setSubject(`${CANARY}@example.com`).setIssuedAt().setExpirationTime('1 hour').sign(new TextEncoder().encode(SECRET));
}, 240_000);
afterAll(async () => {
  children.forEach((child) => child.kill('SIGKILL'));
  core.closeAllConnections();
  core.close();
  await runner.stop();
  await standing.stop();
  await supervisor.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const startGate = (): Promise<GateProcess> => runner.start(configuration, { GATE_SHARED_SECRET: SECRET, GATE_AUDIT_KEY: AUDIT_KEY }, '');

const KINDS = [{ path: '/v1/models', isKnown: true }, { path: '/v1/models', isKnown: false }, { path: `/nowhere/${CANARY}`, isKnown: true }, { path: `/v1/%2e%2e/${CANARY}`, isKnown: true }];

/** So many requests of all kinds, until somebody says that it is enough. */
async function burst(gate: GateProcess, requests: number, onAnswer: (count: number) => void = () => undefined, isOver = () => false): Promise<void> {
  const pool = new Pool(`https://127.0.0.1:${gate.port}`, { connections: AT_ONCE, connect: { rejectUnauthorized: false } });
  let [next, answered] = [0, 0];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < requests && !isOver()) {
      const { path: asked, isKnown } = KINDS[next % KINDS.length] ?? { path: '/', isKnown: false };
      next += 1;
      const headers = { 'x-request-id': `r-${next}`, 'cookie': CANARY, ...(isKnown && { authorization: `Bearer ${bearer}` }) };
      await pool.request({ method: 'GET', path: `${asked}?q=${CANARY}`, headers }).then(({ body }) => body.dump()).catch(() => undefined);
      answered += 1;
      onAnswer(answered);
    }
  }));
  await pool.destroy();
}

const recordsOf = (gate: GateProcess): string[] => readTrail(gate.lines).flatMap(({ records }) => records.map((record) => `${record.gate} ${record.seq}`));

/** Which records are in some objects, each as often as it is; throws where anything does not fit the table. */
function archived(objects: readonly StoredObject[], bucketOfTable = true): string[] {
  const [table] = trail.tables;
  if (table === undefined) throw new Error('The template has no table.');
  // What lies where it arrives is read as it will be where it stays.
  const there = bucketOfTable ? objects : objects.map((object) => ({ ...object, bucket: /^s3:\/\/([^/]+)/.exec(table.location)?.[1] ?? '' }));
  const { rows, faults } = readAll(table, there, Date.now());
  expect(faults).toEqual([]);
  return rows.filter(({ event }) => event === 'audit').map(({ gate, seq }) => `${String(gate)} ${String(seq)}`);
}

async function objectsBelow(Bucket: string, Prefix: string): Promise<StoredObject[]> {
  const { Contents = [] } = await scene.aws.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  return Promise.all(Contents.map(async ({ Key = '' }) => {
    const { Body } = await scene.aws.s3.send(new GetObjectCommand({ Bucket, Key }));
    return { bucket: Bucket, key: Key, body: Buffer.from(await Body?.transformToByteArray() ?? []) };
  }));
}

test('each record of a gate under requests is archived once, in objects that all parse, and none holds what a caller sent', async () => {
  const gate = await startGate();
  await burst(gate, 400);
  await gate.kill('SIGTERM');
  const { objects, refusal } = await carry(scene, trail, gate.lines, Date.now());
  expect(refusal).toBeUndefined();
  expect(objects.length).toBeGreaterThan(2);
  const written = recordsOf(gate);
  expect(written).toHaveLength(400);
  expect(archived(objects).sort()).toEqual(written.sort());
  expect(objects.map(({ body }) => gunzipSync(body).toString()).filter((text) => text.includes(CANARY))).toEqual([]);

  const [first] = objects;
  if (first === undefined) throw new Error('nothing is archived.');
  const object = { Bucket: first.bucket, Key: first.key };
  const { Versions = [] } = await scene.aws.s3.send(new ListObjectVersionsCommand({ Bucket: object.Bucket, Prefix: object.Key }));
  const version = { ...object, VersionId: Versions[0]?.VersionId };
  const tomorrow = new Date(Date.now() + 86_400_000);
  const { s3 } = scene.aws;
  await expect(s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true }))).rejects.toMatchObject({ name: 'AccessDenied' });
  for (const Mode of ['COMPLIANCE', 'GOVERNANCE'] as const) {
    const shorter = new PutObjectRetentionCommand({ ...version, Retention: { Mode, RetainUntilDate: tomorrow }, BypassGovernanceRetention: true });
    await expect(s3.send(shorter)).rejects.toMatchObject({ name: 'AccessDenied' });
  }
  await s3.send(new PutObjectCommand({ ...object, Body: 'something else' }));
  await s3.send(new DeleteObjectCommand(object));
  const { Body } = await s3.send(new GetObjectCommand(version));
  expect(Buffer.from(await Body?.transformToByteArray() ?? [])).toEqual(first.body);
}, 240_000);

test('of a gate that is killed in a burst, whatever it had written is archived, and the archive tells that it did not end', async () => {
  const gate = await startGate();
  let isDead = false;
  await burst(gate, Infinity, (count) => {
    if (count < 150 || isDead) return;
    isDead = true;
    gate.child.kill('SIGKILL');
  }, () => isDead);
  await gate.kill('SIGKILL');
  const written = recordsOf(gate);
  expect(written.length).toBeGreaterThan(100);
  const { objects } = await carry(scene, trail, gate.lines, Date.now());
  expect(archived(objects).sort()).toEqual(written.sort());
  expect(readTrail(gate.lines).map(({ isEnded, missing }) => [isEnded, missing])).toEqual([[false, 0]]);
}, 240_000);

/** A log of records in a file, and what to tell whoever carries it on. */
async function askedFor(prefix: string): Promise<{ readonly asked: DeliveryAsked; readonly written: string[] }> {
  const gate = await startGate();
  await burst(gate, 300);
  await gate.kill('SIGTERM');
  const [log, checkpoint] = ['log', 'checkpoint'].map((name) => path.join(scratch, `${prefix}-${name}`)) as [string, string];
  writeFileSync(log, gate.lines.filter(lineFilter(trail.subscription?.pattern ?? '')).join('\n'));
  writeFileSync(checkpoint, '0');
  const { credentials } = await scene.as(trail.stream.roleArn);
  const stream = { ...trail.stream, prefix: `records/day=!{timestamp:yyyy-MM-dd}/${prefix}-` };
  return { asked: { endpoint: scene.endpoint, region: scene.region, credentials, stream, log, checkpoint }, written: recordsOf(gate) };
}

/** Until it says so, in its own words. */
async function deliveryThatSays(asked: DeliveryAsked, word: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, JSON.stringify(asked)], { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH ?? '', NODE_NO_WARNINGS: '1' } });
  children.push(child);
  const [said] = await once(createInterface({ input: child.stdout }), 'line') as [string];
  expect(said).toBe(word);
  return child;
}

test('a delivery that is killed with a buffer full of records goes on where it was: none is lost, and what is there twice has the same gate and number', async () => {
  const { asked, written } = await askedFor('killed');
  const killed = await deliveryThatSays({ ...asked, hangsAfter: 2 }, 'hanging');
  const exited = once(killed, 'exit');
  killed.kill('SIGKILL');
  await exited;
  const noted = Number(readFileSync(asked.checkpoint, 'utf8'));
  expect(noted).toBeGreaterThan(0);
  const today = new Date().toISOString().slice(0, 10);
  const before = archived(await objectsBelow(trail.stream.bucket, `records/day=${today}/killed-`), false);
  expect(before.length).toBeLessThan(written.length);

  await deliveryThatSays(asked, 'done');
  const after = archived(await objectsBelow(trail.stream.bucket, `records/day=${today}/killed-`), false);
  expect([...new Set(after)].sort()).toEqual([...written].sort());
  // What was delivered and not noted yet.
  expect(after.length).toBeGreaterThan(written.length);
}, 240_000);

test('while S3 refuses, records wait, and arrive once when it does no more; what cannot be unpacked lies below the prefix for errors', async () => {
  const { asked: { stream, log }, written } = await askedFor('refused');
  const { s3 } = await scene.as(stream.roleArn);
  const delivery = new Delivery(stream, async (Key, Body) => {
    await s3.send(new PutObjectCommand({ Bucket: stream.bucket, Key, Body }));
  });
  const { Policy = '' } = await scene.aws.s3.send(new GetBucketPolicyCommand({ Bucket: stream.bucket }));
  const refusing = { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${stream.bucket}/*` };
  await scene.aws.s3.send(new PutBucketPolicyCommand({ Bucket: stream.bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [refusing] }) }));
  const now = Date.now();
  const today = new Date(now).toISOString().slice(0, 10);
  for (const message of readFileSync(log, 'utf8').split('\n')) {
    await delivery.take(envelope({ account: '', logGroup: '', logStream: '', filter: '' }, [{ timestamp: now, message }]), now);
  }
  await delivery.take(Buffer.from('not packed'), now);
  await delivery.flush(now);
  expect(delivery.waiting).toBeGreaterThan(2);
  expect(delivery.refusal).toMatch(/denied|not authorized/i);
  expect(await objectsBelow(stream.bucket, `records/day=${today}/refused-`)).toEqual([]);

  await scene.aws.s3.send(new DeleteBucketPolicyCommand({ Bucket: stream.bucket }));
  await scene.aws.s3.send(new PutBucketPolicyCommand({ Bucket: stream.bucket, Policy }));
  await delivery.tick(now + 1_000_000);
  expect([delivery.waiting, delivery.lost]).toEqual([0, 0]);
  expect(archived(await objectsBelow(stream.bucket, `records/day=${today}/refused-`), false).sort()).toEqual(written.sort());
  expect(await objectsBelow(stream.bucket, 'failed/decompression-failed/')).toHaveLength(1);
}, 240_000);
