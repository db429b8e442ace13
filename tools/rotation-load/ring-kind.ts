import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Agent, createServer, request } from 'node:https';
import { setTimeout as after } from 'node:timers/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { listenOnLoopback } from '../../src/drill/services/loopback';
import { createPki, type Pki } from '../../src/drill/services/pki';
import { ringStrategy } from '../../src/runtime/rotation/ring';
import { type KeyRing, RING_FIELDS, type RingFormat } from '../../src/secrets/contract';
import { connectsAnew, type LoadKind, type LoadService, type OpenKind, Refused } from './kind';

const HEADER = 'x-proof';
/** What a key is proven by: itself where it is sent, or a signature of this. */
const SAID = 'What is asked for';
const POLL_MS = 5;

type Proof = (key: string) => string;

const PROOFS: Readonly<Record<RingFormat, Proof>> = {
  hex: (key) => key,
  base64url: (key) => createHmac('sha256', Buffer.from(key, 'base64url')).update(SAID).digest('base64url'),
};

const ringIn = (value: string): KeyRing => JSON.parse(value) as KeyRing;
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Several programs that know one key: some ask, and the others answer whoever proves one of the three that these were started with. */
export const openRing = (format: RingFormat): OpenKind => async () => {
  const pki = await createPki();
  const verifiers = new Verifiers(pki, PROOFS[format]);
  const prove = (value: string): string => PROOFS[format](ringIn(value).current);
  const senders: LoadService = {
    name: 'senders',
    start: (value, turn) => {
      const agent = verifiers.agent(!connectsAnew(turn));
      const proof = prove(value);
      let asked = 0;
      return Promise.resolve({
        ask: async () => {
          if (!await verifiers.ask(asked++, proof, agent)) throw new Refused('The key of a sender is refused.');
        },
        stop: () => {
          agent.destroy();
          return Promise.resolve();
        },
      });
    },
  };
  return {
    name: format === 'hex' ? 'ring (a value that is sent)' : 'ring (a key that signs)',
    strategy: ringStrategy(format),
    first: JSON.stringify({ seed: randomBytes(32).toString('hex') }),
    services: [verifiers, senders],
    isLetIn: (value) => verifiers.letsIn(prove(value)),
    log: () => '',
    stop: () => Promise.resolve(),
  } satisfies LoadKind;
};

interface Verifier {
  readonly port: number;
  underWay: number;
}

/** Servers with TLS that take each of the three keys of the ring that they were started with. */
class Verifiers implements LoadService {
  public readonly name = 'verifiers';
  /** Those that are asked; one that is to stop is taken out first, as a load balancer does. */
  private readonly open = new Set<Verifier>();
  /** Whom senders trust; made once, since making one costs as much as a connection. */
  private readonly trust: SecureContext;

  public constructor(private readonly pki: Pki, private readonly proof: Proof) {
    this.trust = createSecureContext({ ca: pki.serverCaPem });
  }

  public async start(value: string): Promise<{ stop(): Promise<void> }> {
    const ring = ringIn(value);
    const accepted = RING_FIELDS.map((field) => digest(this.proof(ring[field])));
    const server = createServer({ key: this.pki.server.privateKeyPem, cert: this.pki.server.certificatePem, keepAliveTimeout: 0 }, ({ headers }, response) => {
      const shown = digest(String(headers[HEADER]));
      response.writeHead(accepted.some((one) => timingSafeEqual(one, shown)) ? 204 : 401).end();
    });
    const listening = await listenOnLoopback(server);
    const verifier: Verifier = { port: listening.port, underWay: 0 };
    this.open.add(verifier);
    return {
      stop: async () => {
        this.open.delete(verifier);
        while (verifier.underWay > 0) await after(POLL_MS);
        await listening.stop();
      },
    };
  }

  /** @param isKept whether a connection serves more than one request */
  public agent(isKept: boolean): Agent {
    return new Agent({ keepAlive: isKept, secureContext: this.trust, maxCachedSessions: 0 });
  }

  /** Whether one of them takes it: each sender goes round them by itself, or the same ones would meet all the time. */
  public async ask(count: number, proof: string, agent: Agent): Promise<boolean> {
    const all = [...this.open];
    const verifier = all[count % all.length];
    if (!verifier) throw new Refused('There is nobody to ask.');
    return this.show(verifier, proof, agent);
  }

  /** Whether any of them takes it. */
  public async letsIn(proof: string): Promise<boolean> {
    const agent = this.agent(false);
    const answers = await Promise.all([...this.open].map((verifier) => this.show(verifier, proof, agent)));
    agent.destroy();
    return answers.includes(true);
  }

  private async show(verifier: Verifier, proof: string, agent: Agent): Promise<boolean> {
    verifier.underWay += 1;
    try {
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port: verifier.port, agent, headers: { [HEADER]: proof } }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode));
          response.once('error', reject);
        });
        asked.once('error', reject).end();
      });
      if (status !== 204 && status !== 401) throw new Refused(`A verifier answers ${status ?? 'nothing'}.`);
      return status === 204;
    } finally {
      verifier.underWay -= 1;
    }
  }
}
