import { joinSecret } from '../../../src/runtime/broker/keys';
import { operate } from '../../../src/runtime/broker/operate';
import { CONFIGURATION, HOST, MASTER, NOW, PHASE_3, world } from './world';

const asked = async (event: unknown, given: Parameters<typeof world>[0] = {}): Promise<{ readonly operated: Awaited<ReturnType<typeof operate>>; readonly calls: readonly string[] }> => {
  const { parts, asked: calls } = world(given);
  return { operated: await operate(event, parts), calls };
};
const INVITE = { invite: { worker: 'w-1', lifeSeconds: 600 } };

test('a token is made of an id that is kept and a secret that is not', async () => {
  const { operated: { answer, ...known }, calls } = await asked(INVITE, { configuration: PHASE_3 });
  const [, id = '', secret] = /^([\w-]{22})\.([\w-]{43})$/.exec('token' in answer ? answer.token : '') ?? [];
  expect(secret).toBe(joinSecret(MASTER, 'w-1', id));
  expect(answer).toMatchObject({ worker: 'w-1', until: NOW + 600, url: `https://${HOST}` });
  expect(known).toEqual({ name: 'invite', worker: 'w-1' });
  expect(calls).toEqual(['keys', 'invite']);
});

test('nobody is invited where nobody joins by a token, nor for longer than it may be', async () => {
  const withoutTokens = { ...PHASE_3, phase: { ...PHASE_3.phase, own: { ...PHASE_3.phase.own, tokenSeconds: undefined } } };
  for (const configuration of [CONFIGURATION, withoutTokens]) expect((await asked(INVITE, { configuration })).operated.answer).toEqual({ error: 'not-in-this-phase' });
  expect((await asked({ invite: { worker: 'w-1', lifeSeconds: 601 } }, { configuration: PHASE_3 })).operated.answer).toEqual({ error: 'life-too-long' });
});

test.each<[object, string, object]>([
  [{ revoke: { worker: 'w-1' } }, 'revoke', { epoch: 8 }], [{ admit: { worker: 'w-1' } }, 'admit', { epoch: 8 }], [{ revokeAll: { close: false } }, 'end-all', { epoch: 1 }],
  [{ open: {} }, 'open', { epoch: 1 }], [{ list: {} }, 'list', { fleet: { epoch: 0 }, workers: [] }], [{ list: { after: 'w-1' } }, 'list', { fleet: { epoch: 0 }, workers: [] }],
])('%j is done', async (event, call, answer) => {
  const { operated, calls } = await asked(event);
  expect(calls).toContain(call);
  expect(operated.answer).toEqual(answer);
});

test('nobody is admitted who is not revoked', async () => {
  expect((await asked({ admit: { worker: 'w-9' } }, { refusing: 'admit' })).operated.answer).toEqual({ error: 'no-such-worker' });
});

test('that nobody has seen a worker which is revoked is said', async () => {
  expect((await asked({ revoke: { worker: 'w-9' } }, { refusing: 'revoke' })).operated.answer).toEqual({ epoch: 8, wasUnknown: true });
});

test.each([
  undefined, null, 'canary', [], {}, { canary: {} }, { revoke: 'w-1' }, { revoke: {} }, { revoke: { worker: 'canary\n' } }, { revoke: { worker: 'w-1', more: 1 } },
  { revoke: { worker: 'w-1' }, open: {} },
  { revokeAll: {} }, { revokeAll: { close: 'yes' } }, { open: { now: true } }, { list: { after: 1 } }, { invite: { worker: 'w-1' } }, { invite: { worker: 'w-1', lifeSeconds: '600' } },
  { invite: { worker: 'w-1', lifeSeconds: 0 } }, { invite: { worker: 'w-1', lifeSeconds: 1.5 } },
])('%j is nothing that can be asked', async (event) => {
  const { operated, calls } = await asked(event, { configuration: PHASE_3 });
  expect(operated.answer).toEqual({ error: 'malformed' });
  expect(calls).toEqual([]);
  expect(JSON.stringify(operated)).not.toContain('canary');
});

test('a table that does not answer is said to be so, and nothing else of it', async () => {
  for (const [event, failing] of [[{ revoke: { worker: 'w-1' } }, 'revoke'], [{ list: {} }, 'look'], [INVITE, 'keys'], [INVITE, 'invite']] as const) {
    const { operated } = await asked(event, { configuration: PHASE_3, failing });
    expect(operated.answer).toEqual({ error: 'unavailable' });
  }
});
