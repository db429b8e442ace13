import type { JWK, JWTPayload } from 'jose';
import type { EdgeModel, JwtModel, ListenerModel, RuleModel } from './edge/model';
import type { GateInHand } from './gate/scene';

/** What an attacker has in hand: a running edge, a Core behind it that remembers, and keys of his own making. */
export interface Scene {
  readonly model: EdgeModel;
  /** Sends one HTTP request and writes both sides into the transcript. Throws WireError where no answer came. */
  send(listener: ListenerModel, request: WireRequest): Promise<WireAnswer>;
  /** Sends one HTTP request and returns with the head of the answer, whatever it says; the body goes on until it ends or is closed. Throws like the above. */
  open(listener: ListenerModel, request: WireRequest): Promise<OpenAnswer>;
  /** Sends bytes as they are and returns what came back until the peer closes or falls silent; no answer is an empty text. */
  sendRaw(listener: ListenerModel, bytes: string, options?: RawOptions): Promise<string>;
  /** 127.0.0.1 and the port that stands for the listener's. */
  address(listener: ListenerModel): { readonly host: string; readonly port: number };
  /** A text nobody has used yet, to be found again behind the edge. */
  canary(): string;
  /** How many requests that carried the canary (path, header or body) have reached the Core. */
  reached(canary: string): number;
  /** The issuer in whose name a jwt action trusts. */
  issuer(jwt: JwtModel): DrillIssuer;
  readonly clients: ClientCertificateMint;
  /**
   * Throws the lock-down switches that the listener's web ACL asks, or takes it back. Resolves when whoever keeps the addresses has been told: when callers feel it is to
   * be seen on the wire. Without effect where no web ACL asks any.
   */
  lockDown(listener: ListenerModel, isLocked: boolean): Promise<void>;
  /** Runs one of the toolbox's programs to its end and returns what it printed. */
  tool(name: 'sslyze', args: readonly string[]): Promise<string>;
  note(line: string): void;
  /**
   * A request that the rule lets through: conditions met, a good token, a good certificate. It is sent before every attack; where it
   * does not reach the Core, the attack is inconclusive, for an edge that refuses everybody withstands everything.
   */
  legitimate(listener: ListenerModel, rule: RuleModel): Promise<WireRequest>;
  /** What is in hand at the gate that the rule leads to. Throws where it leads to none. */
  gate(listener: ListenerModel, rule: RuleModel): GateInHand;
  /** What the listener's load balancer connects to by that rule: every task of a gate, or the Core itself. */
  hop(listener: ListenerModel, rule: RuleModel): readonly { readonly host: string; readonly port: number }[];
  /** Whether a gate refused the request with this id only because it was too busy to decide. */
  undecided(requestId: string): Promise<boolean>;
  /** Sends bytes to such a place as they are, without TLS. */
  sendPlain(to: { readonly host: string; readonly port: number }, bytes: string): Promise<string>;
}

export interface WireRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Without `host`, the listener's own address is sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly client?: ClientCertificate;
  /** The address that the caller seems to come from. @default 127.0.0.1 */
  readonly from?: string;
}

export interface RawOptions extends Pick<WireRequest, 'client' | 'from'> {
  /** Skips the handshake of a listener that expects one. @default false */
  readonly plaintext?: boolean;
}

export interface WireAnswer {
  readonly status: number;
  /** Lower-case names; several values are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer that has begun. */
export interface OpenAnswer extends Omit<WireAnswer, 'body'> {
  /** Whether nothing more comes, whoever ended it. */
  isOver(): boolean;
  /** Leaves, as a caller who has lost interest. */
  close(): void;
}

/** No HTTP answer: a refused connection, a failed handshake, silence. */
export class WireError extends Error {}

/** A token endpoint of the drill's own, with the keys that the edge fetches. */
export interface DrillIssuer {
  /** Claims that the jwt action demands, and nothing wrong with them. */
  goodClaims(): JWTPayload;
  /** Signed by the published key unless told otherwise. */
  sign(claims: JWTPayload, options?: SignOptions): Promise<string>;
  /** The published RSA key as PEM: what key confusion signs with. */
  readonly publicKeyPem: string;
  /** For a header that brings its own key. */
  publicJwk(key: SigningKeyName): JWK;
}

/** `published` is RSA; `published-ec` stands in the same key set; `stranger` and `stranger-ec` in none. */
export type SigningKeyName = 'published' | 'published-ec' | 'stranger' | 'stranger-ec';

export interface SignOptions {
  /**
   * Merged over `alg`, `kid` and `typ`; undefined leaves one out. `alg` chooses how it is signed: `none`, in any spelling, not at all;
   * `HS…` with the published RSA key's PEM as the shared secret.
   */
  readonly header?: Readonly<Record<string, unknown>>;
  /** @default published */
  readonly key?: SigningKeyName;
}

export interface ClientCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface ClientCertificateMint {
  /** Of the authority that the edge trusts. */
  good(): ClientCertificate;
  selfSigned(): ClientCertificate;
  expired(): ClientCertificate;
  /** On the list that the authority has published. */
  revoked(): ClientCertificate;
  wrongAuthority(): ClientCertificate;
}
