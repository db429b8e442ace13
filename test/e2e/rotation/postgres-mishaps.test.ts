import { createServer } from 'node:net';
import { createPki } from '../../../src/drill/services/pki';
import type { RunningPostgres } from '../../../src/drill/services/postgres';
import { startRelay } from '../../../src/drill/services/relay';
import { type PostgresConnect, postgresConnect } from '../../../src/runtime/rotation/postgres-session';
import { listenOn } from '../../support/listen';
import {
  expectDiscretion, failureOf, generated, loginIn, mishapped, passwords, type Rotations, rotationOf, type RotationStage, setRotations, type TestRotation,
} from '../../support/postgres-rotation';

/** Some fifty times what a deployment does, on a machine that is busy with other tests. */
const LONG_MS = 180_000;

let stage: RotationStage;
let postgres: RunningPostgres;
let on: Rotations;

beforeAll(async () => {
  stage = await setRotations();
  ({ postgres, on } = stage);
});
afterAll(() => stage.stop());

describe('What goes wrong on the way', () => {
  test("An admin's password that is not the right one", async () => {
    const { current, configuration } = await on.deployed();
    const password = 'canary-of-the-admin-0123456789';
    passwords.add(password);
    const { strategy } = rotationOf(postgres, configuration, { admin: () => Promise.resolve({ ...postgres.admin, password }) });
    const pending = await strategy.create(current);
    const failure = await failureOf(strategy.set({ current, pending }));
    expect(failure).toMatchObject({ code: 'POSTGRES_NOT_LET_IN', message: expect.stringContaining(`have its admin let ${loginIn(pending).username} in`) as string });
    await expect(on.actsAs(current)).resolves.toMatch(/^app_/);
  });

  test('An admin who is the application itself', async () => {
    const { current, configuration } = await on.deployed();
    const { strategy } = rotationOf(postgres, configuration, { admin: () => Promise.resolve(loginIn(current)) });
    await expect(failureOf(strategy.set({ current, pending: await strategy.create(current) }))).resolves.toMatchObject({ code: 'BAD_ADMIN' });
  });

  test('A value that lets nobody in is not proven', async () => {
    const { strategy, current } = await on.deployed();
    await expect(failureOf(strategy.test(await strategy.create(current)))).resolves.toMatchObject({ code: 'POSTGRES_NOT_LET_IN' });
  });

  test('A database that is not there', async () => {
    const { current, configuration } = await on.deployed();
    const { strategy } = rotationOf(postgres, { ...configuration, dbname: 'nowhere' });
    await expect(failureOf(strategy.set({ current, pending: await strategy.create(current) }))).resolves.toMatchObject({ code: 'POSTGRES_NO_DATABASE' });
  });

  test('A certificate of another authority: no password is sent', async () => {
    const { serverCaPem } = await createPki();
    const { strategy, configuration: { role } } = rotationOf(postgres, { ca: serverCaPem });
    const before = postgres.log().length;
    await expect(failureOf(strategy.ensure(generated(role)))).resolves.toMatchObject({ code: 'POSTGRES_UNTRUSTED' });
    expect(postgres.log().slice(before)).not.toContain('connection auth');
  });

  test('A certificate for another name', async () => {
    const elsewhere = await listenOn('127.0.0.2', postgres.port);
    try {
      const { strategy, configuration: { role } } = rotationOf(postgres, { host: elsewhere.host, port: elsewhere.port });
      await expect(failureOf(strategy.ensure(generated(role)))).resolves.toMatchObject({ code: 'POSTGRES_UNTRUSTED', message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') as string });
    } finally {
      elsewhere.stop();
    }
  });

  test('A server without TLS hears nothing but the question for it', async () => {
    const heard: Buffer[] = [];
    const server = createServer((socket) => socket.on('error', () => undefined).on('data', (bytes) => {
      heard.push(bytes);
      socket.write('N');
    }));
    const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));
    try {
      const { strategy, configuration: { role } } = rotationOf(postgres, { port });
      await expect(failureOf(strategy.ensure(generated(role)))).resolves.toMatchObject({ code: 'POSTGRES_UNTRUSTED' });
      // SSLRequest, and nothing after it (documentation of the protocol, "Message Formats").
      expect(Buffer.concat(heard).toString('hex')).toBe('0000000804d2162f');
    } finally {
      server.close();
    }
  });

  test('A network that swallows everything', async () => {
    const relay = await startRelay(postgres.port);
    relay.freeze();
    try {
      const { strategy, configuration: { role } } = rotationOf(postgres, { port: relay.port });
      await expect(failureOf(strategy.ensure(generated(role)))).resolves.toMatchObject({ code: 'POSTGRES_UNREACHABLE' });
    } finally {
      relay.stop();
    }
  });
});

describe('Every step, stopped at every login and every statement and tried again, lets the current value in all the time', () => {
  type Step = 'set' | 'test' | 'retire' | 'ensure';
  const STEPS: readonly Step[] = ['ensure', 'set', 'test', 'retire'];

  /** Does one step with a mishap, over and over, until the step ends before it would happen. */
  async function atEveryMoment(step: Step, attempt: (at: number, base: Prepared) => Promise<boolean>): Promise<number> {
    for (let at = 1; ; at++) {
      if (!await attempt(at, await prepared(step))) return at - 1;
    }
  }

  interface Prepared {
    readonly rotation: TestRotation;
    readonly current: string;
    readonly pending: string;
  }

  async function prepared(step: Step): Promise<Prepared> {
    const rotation = await on.deployed();
    const pending = await rotation.strategy.create(rotation.current);
    loginIn(pending);
    if (step === 'test' || step === 'retire') await rotation.strategy.set({ current: rotation.current, pending });
    await on.gone(rotation.current);
    return { rotation, current: rotation.current, pending };
  }

  function run(step: Step, rotation: TestRotation, { current, pending }: Prepared): Promise<unknown> {
    const { strategy } = rotation;
    if (step === 'set') return strategy.set({ current, pending });
    if (step === 'test') return strategy.test(pending);
    if (step === 'retire') return strategy.retire({ current: pending, previous: current });
    return strategy.ensure(current);
  }

  /** After a step was tried again without a mishap. */
  async function check(step: Step, { rotation: { configuration: { role }, strategy }, current, pending }: Prepared): Promise<void> {
    if (step === 'retire') {
      await expect(on.actsAs(pending)).resolves.toBe(role);
      await expect(on.actsAs(current)).rejects.toMatchObject({ code: expect.stringMatching(/^28/) as string });
      return;
    }
    await expect(on.actsAs(current)).resolves.toBe(role);
    if (step === 'set') await strategy.test(pending);
  }

  test.each(STEPS.flatMap((step) => (['before', 'after'] as const).map((when) => [step, when] as const)))('%s, with an end of the process %s it', async (step, when) => {
    const moments = await atEveryMoment(step, async (at, base) => {
      const { connect, isOver } = mishapped(postgresConnect(base.rotation.configuration), { at, when, happen: () => {
        throw new Error('The process ends.');
      } });
      const failure = run(step, rotationOf(postgres, base.rotation.configuration, { connect }), base);
      const error: unknown = await failure.then(() => undefined, (reason: unknown) => reason);
      // What is current is `pending` while the old value is retired.
      await expect(on.actsAs(step === 'retire' ? base.pending : base.current)).resolves.toBe(base.rotation.configuration.role);
      expect(error === undefined).toBe(!isOver());
      await run(step, base.rotation, base);
      await check(step, base);
      return isOver();
    });
    expect(moments).toBeGreaterThan(4);
  }, LONG_MS);

  test.each(STEPS)('%s, with the network cut', async (step) => {
    const moments = await atEveryMoment(step, async (at, base) => {
      const relay = await startRelay(postgres.port);
      try {
        const configuration = { ...base.rotation.configuration, port: relay.port };
        const real: PostgresConnect = postgresConnect(configuration);
        const { connect, isOver } = mishapped(real, { at, when: 'before', happen: () => relay.cut() });
        const attempt = run(step, rotationOf(postgres, configuration, { connect }), base);
        if (isOver() || await attempt.then(() => false, () => true)) await expect(failureOf(attempt)).resolves.toMatchObject({ code: 'POSTGRES_UNREACHABLE' });
        await expect(on.actsAs(step === 'retire' ? base.pending : base.current)).resolves.toBe(base.rotation.configuration.role);
        await run(step, base.rotation, base);
        await check(step, base);
        return isOver();
      } finally {
        relay.stop();
      }
    });
    expect(moments).toBeGreaterThan(4);
  }, LONG_MS);
});

test('No password stands in what the server wrote, nor in what was said', () => expectDiscretion(postgres.log()));
