import type { GateConfiguration, IdentityConfiguration, PassedConfiguration } from '../../../src/gate/contract';
import { coreHeadersOf } from '../../../src/runtime/gate/core-headers';
import type { AuthenticatorParts } from '../../../src/runtime/gate/identity/parts';
import type { ReceivedHeaders } from '../../../src/runtime/gate/ports';
import { gateConfiguration, openSocket, RecordingCore, sendRaw, startTestGate, type TestGate } from '../../support/gate-server';
import { CorpusKeys, mint } from './corpora/mint';
import { CONTEXT, headers, JWKS_URI, KEY, refusalOf, TOKEN, World } from './identity/world';

const keys = new CorpusKeys();
const TOKEN_TEXT = mint(keys, CONTEXT, { name: '' });
const KEY_TEXT = 'ctx_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
const SUBJECT = 'CN=platform,O=Acme';
const CERTIFICATE = { subjectHeader: 'x-cert-subject', scopes: {} };
const TRACE = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

const world = new World();
world.mirrored.set(JWKS_URI, keys.document());
world.addKey(KEY_TEXT);

const TOKENS: Partial<IdentityConfiguration> = { accept: [['token']], tokens: [TOKEN] };
const KEYS: Partial<IdentityConfiguration> = { accept: [['key']], tokens: [], key: KEY };
const EITHER: Partial<IdentityConfiguration> = { accept: [['key'], ['token']], tokens: [TOKEN], key: KEY };
const BEARER_KEYS: Partial<IdentityConfiguration> = { ...KEYS, key: { ...KEY, inAuthorization: true } };

function configurationOf(identity: Partial<IdentityConfiguration>, passes?: PassedConfiguration, core: Partial<GateConfiguration['core']> = {}): GateConfiguration {
  const configuration = gateConfiguration(8080);
  return { ...configuration, core: { ...configuration.core, ...core, passes }, identity: { accept: [['token']], tokens: [], ...identity } };
}

/** What the Core is shown, of somebody whom the gate's own authenticator let in. */
async function shown(configuration: GateConfiguration, received: ReceivedHeaders): Promise<Record<string, string | string[]>> {
  const identity = await world.authenticator(configuration.identity).authenticate(received);
  return coreHeadersOf(configuration, { coreKey: 'own' })(received, identity, 'id-1', TRACE);
}

/** Every credential that is anywhere in it. */
const credentialsIn = (told: unknown): string[] => [TOKEN_TEXT, KEY_TEXT, 'second'].filter((credential) => JSON.stringify(told).includes(credential));

describe('a credential that is passed', () => {
  test.each<[string, Partial<IdentityConfiguration>, PassedConfiguration, ReceivedHeaders, string, string]>([
    ['a token', TOKENS, { proof: 'token' }, headers(['authorization', `bearer ${TOKEN_TEXT}`]), 'authorization', `Bearer ${TOKEN_TEXT}`],
    ['a key in its own header', KEYS, { proof: 'key', header: 'x-api-key' }, headers(['x-api-key', KEY_TEXT]), 'x-api-key', KEY_TEXT],
    ['a key in another header', KEYS, { proof: 'key', header: 'x-core-key' }, headers(['x-api-key', KEY_TEXT]), 'x-core-key', KEY_TEXT],
    ['a key as a bearer token', KEYS, { proof: 'key', header: 'authorization' }, headers(['x-api-key', KEY_TEXT]), 'authorization', `Bearer ${KEY_TEXT}`],
    ['a bearer key in its header', BEARER_KEYS, { proof: 'key', header: 'x-api-key' }, headers(['authorization', `Bearer ${KEY_TEXT}`]), 'x-api-key', KEY_TEXT],
    ['a token beside a key that speaks', { ...EITHER, accept: [['token', 'key']] }, { proof: 'token' }, headers(['authorization', `Bearer ${TOKEN_TEXT}`], ['x-api-key', KEY_TEXT]),
      'authorization', `Bearer ${TOKEN_TEXT}`],
  ])('is %s, once and as it was verified', async (_, identity, passes, received, header, value) => {
    const told = await shown(configurationOf(identity, passes), received);
    expect(told[header]).toBe(value);
    expect(Object.entries(told).filter(([, other]) => credentialsIn(other).length > 0).map(([name]) => name)).toEqual([header]);
  });

  test('is a token with its scheme in lower case, for a Core that compares it so', async () => {
    expect(await shown(configurationOf(TOKENS, { proof: 'token', scheme: 'bearer' }), headers(['authorization', `Bearer ${TOKEN_TEXT}`]))).toMatchObject({ authorization: `bearer ${TOKEN_TEXT}` });
  });

  test.each<[string, Partial<IdentityConfiguration>, PassedConfiguration | undefined, ReceivedHeaders]>([
    ['none is passed', EITHER, undefined, headers(['authorization', `Bearer ${TOKEN_TEXT}`], ['x-api-key', KEY_TEXT])],
    ['the caller proved himself by another', EITHER, { proof: 'token' }, headers(['x-api-key', KEY_TEXT])],
    ['the caller proved himself by another', EITHER, { proof: 'key', header: 'authorization' }, headers(['authorization', `Bearer ${TOKEN_TEXT}`])],
    ['it was shown without the certificate that it needs', { ...EITHER, accept: [['key'], ['certificate', 'token']], certificate: CERTIFICATE }, { proof: 'token' },
      headers(['authorization', `Bearer ${TOKEN_TEXT}`], ['x-api-key', KEY_TEXT])],
  ])('is none where %s (%#)', async (_, identity, passes, received) => {
    expect(credentialsIn(await shown(configurationOf(identity, passes), received))).toEqual([]);
  });

  test('is there with the certificate that it needs', async () => {
    const identity = { ...EITHER, accept: [['key'], ['certificate', 'token']], certificate: CERTIFICATE } as const;
    const received = headers(['authorization', `Bearer ${TOKEN_TEXT}`], ['x-cert-subject', SUBJECT]);
    expect((await shown(configurationOf(identity, { proof: 'token' }), received)).authorization).toBe(`Bearer ${TOKEN_TEXT}`);
  });

  test.each<[string, Partial<IdentityConfiguration>, PassedConfiguration, readonly [string, ...string[]][]]>([
    ['a key that nobody asks for', TOKENS, { proof: 'token' }, [['authorization', `Bearer ${TOKEN_TEXT}`], ['x-api-key', 'ctx_second']]],
    ['a bearer token that nobody asks for', KEYS, { proof: 'key', header: 'x-api-key' }, [['x-api-key', KEY_TEXT], ['authorization', 'Bearer second']]],
    ['one in the header of the passed key', KEYS, { proof: 'key', header: 'x-core-key' }, [['x-api-key', KEY_TEXT], ['x-core-key', 'second']]],
    ['several in the header of the passed key', KEYS, { proof: 'key', header: 'x-core-key' }, [['x-api-key', KEY_TEXT], ['x-core-key', 'second', 'second']]],
    ['one that the key overwrites', KEYS, { proof: 'key', header: 'authorization' }, [['x-api-key', KEY_TEXT], ['authorization', 'Bearer second']]],
  ])('never brings %s with it', async (_, identity, passes, received) => {
    expect(credentialsIn(await shown(configurationOf(identity, passes), headers(...received)))).toEqual([passes.proof === 'token' ? TOKEN_TEXT : KEY_TEXT]);
  });

  test('leaves nothing in its header for whoever has none of the kind', async () => {
    const told = await shown(configurationOf(EITHER, { proof: 'key', header: 'x-core-key' }), headers(['authorization', `Bearer ${TOKEN_TEXT}`], ['x-core-key', KEY_TEXT]));
    expect(credentialsIn(told)).toEqual([]);
  });

  test('does not take the place of the gate\'s own key, nor of the caller\'s name', async () => {
    const told = await shown(configurationOf(TOKENS, { proof: 'token' }, { keyHeader: 'x-core-key' }), headers(['authorization', `Bearer ${TOKEN_TEXT}`]));
    expect(told).toMatchObject({ 'authorization': `Bearer ${TOKEN_TEXT}`, 'x-core-key': 'own', 'x-caller': expect.any(String) as string });
  });
});

describe('at a running gate', () => {
  let core: RecordingCore;
  let gate: TestGate;
  const parts: AuthenticatorParts = world.parts;
  const ROUTES = { routes: [{ method: 'ANY', path: '/v1', subtree: true, access: { kind: 'authenticated' }, tier: 'light', streams: false }], roles: {} } as const;

  beforeAll(async () => {
    core = await RecordingCore.start();
    const identity = { ...TOKENS, admin: { subjectHeader: 'x-amzn-oidc-identity', cookieName: 'Admin' } };
    const configuration: GateConfiguration = { ...configurationOf(identity, { proof: 'token' }, { port: core.port }), profile: 'remote', policy: ROUTES };
    gate = await startTestGate(configuration, { authenticator: world.authenticator(configuration.identity, parts) });
  });
  afterAll(async () => {
    await gate.stop();
    await core.stop();
  });
  beforeEach(() => {
    core.requests.splice(0);
  });

  const ask = async (path: string, ...lines: string[]): Promise<readonly number[]> => (
    (await sendRaw(gate.port, `GET ${path} HTTP/1.1\r\nHost: gate.test\r\nConnection: close\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`)).statuses
  );

  test('a token is passed once, and stands in no record and no figure', async () => {
    expect(await ask('/v1/models', `Authorization: Bearer ${TOKEN_TEXT}`, 'X-Api-Key: ctx_second', `Baggage: token=${TOKEN_TEXT}`)).toEqual([200]);
    const { rawHeaders = [] } = core.requests[0] ?? {};
    expect(rawHeaders.filter((text) => credentialsIn(text).length > 0)).toEqual([`Bearer ${TOKEN_TEXT}`]);
    expect(gate.records).toHaveLength(1);
    const kept = JSON.stringify([gate.records, gate.counted, gate.limiter.wants], (_key, value: unknown) => (value instanceof Set ? [...value] as unknown : value));
    expect(credentialsIn(kept)).toEqual([]);
  });

  test('two of them are none, in whatever order', async () => {
    expect(await ask('/v1/models', `Authorization: Bearer ${TOKEN_TEXT}`, 'Authorization: Bearer second')).toEqual([400]);
    expect(await ask('/v1/models', 'authorization: Bearer second', `Authorization: Bearer ${TOKEN_TEXT}`)).toEqual([400]);
    expect(core.requests).toEqual([]);
  });

  test('the admin plane sees none, since nothing there has verified it', async () => {
    expect(await ask('/admin/users', 'X-Amzn-Oidc-Identity: 8a1c', `Authorization: Bearer ${TOKEN_TEXT}`)).toEqual([200]);
    expect(credentialsIn(core.requests[0]?.rawHeaders)).toEqual([]);
    expect(core.requests[0]?.headers['x-caller']).toBe('admin:8a1c');
  });

  test('a token passes with an upgrade too, and a second credential does not', async () => {
    const socket = await openSocket(gate.port);
    socket.write('GET /v1/live HTTP/1.1\r\nHost: gate.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ZHJpbGwtZHJpbGwtZHJpbA==\r\n'
      + `Authorization: Bearer ${TOKEN_TEXT}\r\nX-Api-Key: ctx_second\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    expect((core.requests[0]?.rawHeaders ?? []).filter((text) => credentialsIn(text).length > 0)).toEqual([`Bearer ${TOKEN_TEXT}`]);
  });

  test('a token that does not verify reaches nobody', async () => {
    expect(await ask('/v1/models', `Authorization: Bearer ${TOKEN_TEXT}x`)).toEqual([401]);
    expect(core.requests).toEqual([]);
    expect(await refusalOf(shown(configurationOf(KEYS, { proof: 'key', header: 'x-api-key' }), headers(['x-api-key', 'ctx_second'])))).toBe('unauthenticated key-unknown');
  });
});
