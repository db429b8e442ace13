import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAX_KEY_SET_BYTES } from '../../../../src/runtime/shared/key-set-document';
import { CorpusKeys, mint } from '../corpora/mint';
import { bearer, BOUNDS, CONTEXT, refusalOf, TOKEN, World } from './world';

const keys = new CorpusKeys();

/** An issuer on loopback, whose answers a test chooses. */
class Issuer {
  public fetched = 0;
  public answer: RequestListener = this.publish(keys.document());
  private constructor(private readonly server: Server) {}

  public static async start(): Promise<Issuer> {
    const server = createServer();
    const issuer = new Issuer(server);
    server.on('request', (request, response) => {
      issuer.fetched += 1;
      issuer.answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  public get uri(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks.json`;
  }

  public publish(document: string): RequestListener {
    return (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(document);
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const DOWN: RequestListener = (request) => void request.socket.destroy();
const SILENT: RequestListener = () => undefined;

let issuer: Issuer;
let world: World;
let waited: number[];
beforeEach(async () => {
  issuer = await Issuer.start();
  world = new World();
  waited = [];
});
afterEach(() => issuer.stop());

/** A second of patience, since a silent issuer takes all of it. */
function gateOf(bounds: Partial<typeof BOUNDS> = {}) {
  const wait = (milliseconds: number): Promise<void> => {
    waited.push(milliseconds);
    return Promise.resolve();
  };
  const gate = world.authenticator({ tokens: [{ ...TOKEN, keys: { ...TOKEN.keys, source: 'https', uri: issuer.uri, timeoutSeconds: 1, ...bounds } }] }, { profile: 'local', wait });
  return (kid = 'published', signer: 'published' | 'stranger' = kid === 'published' ? 'published' : 'stranger') =>
    refusalOf(gate.authenticate(bearer(mint(keys, { ...CONTEXT, now: world.nowMs / 1000 }, { name: '', header: { kid }, signer }))));
}

const failures = () => world.events.map(({ code, attemptCount }) => `${code ?? ''} ${attemptCount ?? 0}`);
const pass = (seconds: number): void => void (world.nowMs += seconds * 1000);

describe('a key set that works', () => {
  test('is fetched once for a thousand requests, also where they come at once', async () => {
    const call = gateOf();
    expect(new Set(await Promise.all(Array.from({ length: 1000 }, () => call())))).toEqual(new Set(['let in']));
    expect(issuer.fetched).toBe(1);
  });

  test('is fetched again after its time to live, and not before', async () => {
    const call = gateOf();
    await call();
    pass(299.999);
    await call();
    expect(issuer.fetched).toBe(1);
    pass(0.001);
    await Promise.all([call(), call(), call()]);
    expect(issuer.fetched).toBe(2);
  });

  test('rotates: a new key works at once, and the old one no longer after the time to live', async () => {
    const call = gateOf();
    await call();
    issuer.answer = issuer.publish(keys.document(keys.jwk('published'), keys.jwk('stranger')));
    expect(await call('stranger')).toBe('let in');
    expect(issuer.fetched).toBe(2);
    issuer.answer = issuer.publish(keys.document(keys.jwk('stranger')));
    expect(await call()).toBe('let in');
    pass(300);
    expect(await call()).toBe('unauthenticated token-key-unknown');
    expect(await call('stranger')).toBe('let in');
  });

  test('is not fetched for each of a flood of invented names', async () => {
    const call = gateOf();
    await call();
    for (let second = 0; second < 30; second++) {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => call(`invented-${second}-${at}`)));
      expect(new Set(answers)).toEqual(new Set(['unauthenticated token-key-unknown']));
      pass(1);
    }
    expect(issuer.fetched).toBe(1 + 3);
  });

  test('is fetched once where the first token is one of an invented name', async () => {
    expect(await gateOf()('invented')).toBe('unauthenticated token-key-unknown');
    expect(issuer.fetched).toBe(1);
  });
});

describe('an issuer that is down', () => {
  test('lets nobody in where nothing was fetched yet, after as many attempts as are allowed, each pause twice as long up to the longest', async () => {
    issuer.answer = DOWN;
    const call = gateOf({ maxAttempts: 5, backoffSeconds: 0.5, maxBackoffSeconds: 1.5 });
    expect(await call()).toBe('unavailable key-set-unavailable');
    expect(issuer.fetched).toBe(5);
    expect(waited).toEqual([500, 1000, 1500, 1500]);
    expect(failures()).toEqual([1, 2, 3, 4, 5].map((attempt) => `key-set-unreachable ${attempt}`));
  });

  test('is left alone for a while, and asked again then', async () => {
    issuer.answer = DOWN;
    const call = gateOf();
    await call();
    expect(await call()).toBe('unavailable key-set-unavailable');
    expect(issuer.fetched).toBe(3);
    pass(2);
    issuer.answer = issuer.publish(keys.document());
    expect(await call()).toBe('let in');
  });

  test('is survived by what was fetched, for an hour and no longer', async () => {
    const call = gateOf();
    await call();
    issuer.answer = DOWN;
    pass(3599.999);
    expect(await call()).toBe('let in');
    await new Promise((resolve) => setTimeout(resolve, 50));
    pass(0.001);
    expect(await call()).toBe('unavailable key-set-unavailable');
  });

  test('leaves it open whether an unknown key is a new one', async () => {
    const call = gateOf();
    await call();
    issuer.answer = DOWN;
    expect(await call('new')).toBe('unavailable key-set-unavailable');
    expect(await call()).toBe('let in');
  });

  test('and silent is waited for once by callers with known keys, and not by the next', async () => {
    const call = gateOf({ maxAttempts: 2 });
    await call();
    issuer.answer = SILENT;
    pass(300);
    const first = Date.now();
    expect(await call()).toBe('let in');
    const second = Date.now();
    expect(await call()).toBe('let in');
    // Ratios, since machines differ: the one waits for a whole attempt, the other for none.
    expect(Date.now() - second).toBeLessThan((second - first) / 2);
  });

  test('and silent is not waited for endlessly where nothing is known', async () => {
    issuer.answer = SILENT;
    expect(await gateOf({ maxAttempts: 1 })()).toBe('unavailable key-set-unavailable');
    expect(failures()).toEqual(['key-set-timeout 1']);
  });

  test('and trickles is not waited for endlessly', async () => {
    issuer.answer = (_, response) => {
      response.writeHead(200).write('{');
    };
    expect(await gateOf({ maxAttempts: 1 })()).toBe('unavailable key-set-unavailable');
    expect(failures()).toEqual(['key-set-timeout 1']);
  });
});

describe('an issuer that publishes rubbish', () => {
  const rubbish: readonly (readonly [string, string, () => RequestListener])[] = [
    ['a page', 'key-set-malformed', () => issuer.publish('<html>')],
    ['nothing', 'key-set-malformed', () => issuer.publish('')],
    ['a private key', 'key-set-private', () => issuer.publish(keys.document(keys.privateJwk('published')))],
    ['a short key', 'key-set-weak', () => issuer.publish(keys.document(keys.jwk('published'), keys.jwk('short')))],
    ['more than a key set is long', 'key-set-too-large', () => issuer.publish(`${keys.document()}${' '.repeat(MAX_KEY_SET_BYTES)}`)],
    ['no end', 'key-set-too-large', () => (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    }],
    ['an error', 'key-set-status', () => (_, response) => void response.writeHead(500).end(keys.document())],
    ['another success', 'key-set-status', () => (_, response) => void response.writeHead(203).end(keys.document())],
    ['a redirect to a good one', 'key-set-redirected', () => (request, response) => {
      if (request.url === '/good') issuer.publish(keys.document())(request, response);
      else response.writeHead(302, { location: '/good' }).end();
    }],
    ['a point beside the curve', 'key-set-malformed', () => issuer.publish(keys.document(keys.jwk('published'), keys.jwk('published-ec', { y: 'A'.repeat(43) })))],
  ];

  test.each(rubbish)('%s is not believed, and what was good before stays', async (_, code, answer) => {
    const call = gateOf({ maxAttempts: 1 });
    await call();
    issuer.answer = answer();
    pass(300);
    expect(await call()).toBe('let in');
    expect(failures()).toEqual([`${code} 1`]);
    expect(issuer.fetched).toBe(2);
  });

  test.each(rubbish)('%s lets nobody in where nothing was good before', async (_, code, answer) => {
    issuer.answer = answer();
    expect(await gateOf({ maxAttempts: 1 })()).toBe('unavailable key-set-unavailable');
    expect(failures()).toEqual([`${code} 1`]);
  });
});

describe('a mirrored key set', () => {
  test('is trusted by when its issuer was asked and not by when it was read', async () => {
    let fetchedAt = world.nowMs - 3_599_000;
    const keySets = { read: () => Promise.resolve({ document: keys.document(), fetchedAt }) };
    const gate = world.authenticator({ tokens: [TOKEN] }, { keySets });
    const call = () => refusalOf(gate.authenticate(bearer(mint(keys, CONTEXT, { name: '' }))));
    expect(await call()).toBe('let in');
    pass(1);
    expect(await call()).toBe('unavailable key-set-unavailable');
    expect(failures()[0]).toBe('key-set-outdated 1');
    fetchedAt = world.nowMs;
    pass(2);
    expect(await call()).toBe('let in');
  });

  test('from the future, as far as clocks may be apart, is not trusted for longer', async () => {
    const keySets = { read: () => Promise.resolve({ document: keys.document(), fetchedAt: world.nowMs + 60_000 }) };
    const gate = world.authenticator({ tokens: [TOKEN] }, { keySets });
    const call = () => refusalOf(gate.authenticate(bearer(mint(keys, { ...CONTEXT, now: world.nowMs / 1000 }, { name: '' }))));
    expect(await call()).toBe('let in');
    keySets.read = () => Promise.reject(new Error('down'));
    pass(3600);
    expect(await call()).toBe('unavailable key-set-unavailable');
  });

  test('from further in the future is not trusted, since it would never grow old', async () => {
    const keySets = { read: () => Promise.resolve({ document: keys.document(), fetchedAt: world.nowMs + 61_000 }) };
    expect(await refusalOf(world.authenticator({ tokens: [TOKEN] }, { keySets }).authenticate(bearer(mint(keys, CONTEXT, { name: '' }))))).toBe('unavailable key-set-unavailable');
    expect(failures()[0]).toBe('key-set-outdated 1');
  });

  test('that was never mirrored lets nobody in, and neither does a table that does not answer', async () => {
    const call = (parts: object) => refusalOf(world.authenticator({ tokens: [TOKEN] }, parts).authenticate(bearer(mint(keys, CONTEXT, { name: '' }))));
    expect(await call({})).toBe('unavailable key-set-unavailable');
    expect(failures()[0]).toBe('key-set-not-mirrored 1');
    expect(await call({ keySets: { read: () => Promise.reject(new Error('AccessDenied')) } })).toBe('unavailable key-set-unavailable');
  });
});
