import type { GateModel } from '../gate/model';

/** Where a resource stands, for messages and for the report. */
export interface Place {
  readonly stack: string;
  readonly logicalId: string;
  readonly constructPath?: string;
}

/** What callers meet at the load balancers of some templates. Read from the templates alone; nothing in it is an address of this machine. */
export interface EdgeModel {
  readonly listeners: readonly ListenerModel[];
  /** What is known to exist and cannot be imitated here: it proves nothing, and the report says so. */
  readonly notEmulated: readonly NotEmulated[];
  /** Gates in task definitions, whether or not anything leads to them. @default - none */
  readonly gates?: readonly GateModel[];
}

export interface NotEmulated {
  readonly place: Place;
  /** CloudFormation type. */
  readonly type: string;
  /** The property, or empty where the resource as a whole is meant. */
  readonly property: string;
  readonly reason: string;
}

/** One listener of an application load balancer. */
export interface ListenerModel {
  readonly place: Place;
  readonly loadBalancer: Place;
  readonly port: number;
  /** Absent on an HTTP listener. */
  readonly tls?: TlsModel;
  /** In the order in which they are tried. The last one has no conditions: it is the listener's default action. */
  readonly rules: readonly RuleModel[];
  readonly responseHeaders: readonly HeaderModel[];
  /** Whether the load balancer names itself in a `server` header. */
  readonly serverHeader: boolean;
  /** Headers for the target that the listener calls otherwise: from the load balancer's own name, in lower case, to the listener's. Absent where all keep theirs. */
  readonly renamedHeaders?: Readonly<Record<string, string>>;
  readonly hygiene: HygieneModel;
  /** Absent where no web ACL is associated with the load balancer. */
  readonly webAcl?: WebAclModel;
}

export interface TlsModel {
  readonly policy: TlsPolicy;
  /** Absent where callers are not asked for a certificate. */
  readonly clients?: ClientCertificates;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** What a named security policy of the load balancer stands for. */
export interface TlsPolicy {
  readonly name: string;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** OpenSSL names, TLS 1.2 and below; empty where only 1.3 is spoken. */
  readonly ciphers: readonly string[];
  /** Key agreement groups where the policy names them, strongest first. */
  readonly groups?: readonly string[];
}

export type ClientCertificates =
  | { readonly mode: 'passthrough' }
  | { readonly mode: 'verify'; readonly ignoreExpiry: boolean; readonly trustStore: string; readonly revocation: boolean };

export interface HeaderModel {
  readonly name: string;
  readonly value: string;
}

export interface HygieneModel {
  readonly dropInvalidHeaders: boolean;
  readonly desync: 'monitor' | 'defensive' | 'strictest';
  readonly forwardedFor: 'append' | 'preserve' | 'remove';
  /** Whether `x-forwarded-for` holds the caller's port too. @default false */
  readonly forwardedPort?: boolean;
  /** Whether the target is told the TLS version and cipher in `x-amzn-tls-version` and `x-amzn-tls-cipher-suite`. @default false */
  readonly tlsHeaders?: boolean;
  readonly preserveHost: boolean;
  readonly idleTimeoutSeconds: number;
}

export interface RuleModel {
  /** The rule, or the listener for its default action. */
  readonly place: Place;
  /** `default` for the listener's own. */
  readonly priority: number | 'default';
  /** All must hold; none means always. */
  readonly conditions: readonly ConditionModel[];
  /** In order: anything that authenticates, then one that answers. */
  readonly actions: readonly ActionModel[];
  /** Set where a gate answers everything that the rule takes, and its Core is not asked: what it takes. */
  readonly answeredByGate?: 'preflight' | 'health';
  /** Set where the load balancer asks nobody who he is, since the function behind it asks everybody for a signature. @default false */
  readonly asksBehind?: boolean;
}

/** One of the values is enough. Host, path, header and query values may hold `*` and `?`. */
export type ConditionModel =
  | { readonly kind: 'host' | 'path'; readonly values: readonly string[] }
  | { readonly kind: 'header'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'method'; readonly values: readonly string[] }
  | { readonly kind: 'query'; readonly values: readonly { readonly key?: string; readonly value: string }[] }
  | { readonly kind: 'source'; readonly cidrs: readonly string[] };

export type ActionModel =
  | JwtModel
  /** A login at an identity provider. No caller of a drill has a session, so only the answer to strangers matters. */
  | { readonly kind: 'login'; readonly strangers: 'authenticate' | 'deny' | 'allow'; readonly place: string }
  | { readonly kind: 'forward'; readonly targets: readonly TargetModel[] }
  | { readonly kind: 'fixed-response'; readonly status: number; readonly contentType: string; readonly body: string }
  /** Parts are texts with the placeholders `#{protocol}`, `#{host}`, `#{port}`, `#{path}`, `#{query}`. */
  | { readonly kind: 'redirect'; readonly status: 301 | 302; readonly protocol: string; readonly host: string; readonly port: string; readonly path: string; readonly query: string };

export interface JwtModel {
  readonly kind: 'jwt';
  /** As in the template; holes, such as the id of a user pool, are texts like any other: the drill's issuer uses the same. */
  readonly issuer: string;
  /** As in the template: what tells key sets apart. */
  readonly jwksEndpoint: string;
  readonly claims: readonly ClaimModel[];
}

export interface ClaimModel {
  readonly name: string;
  readonly format: 'single-string' | 'string-array' | 'space-separated-values';
  readonly values: readonly string[];
}

export interface TargetModel {
  readonly targetGroup: Place;
  readonly weight: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** What its targets are. @default - the Core itself */
  readonly gate?: GateModel;
  /** Which port of the gate they are. @default - the one for callers */
  readonly port?: 'metrics';
}

export interface WebAclModel {
  readonly place: Place;
  readonly defaultAction: WafVerdict;
  /** By priority. */
  readonly rules: readonly WafRuleModel[];
}

export type WafVerdict =
  | { readonly kind: 'allow' }
  | { readonly kind: 'count' }
  | BlockModel;

/** What a refused caller is answered. */
export interface BlockModel {
  readonly kind: 'block';
  readonly status: number;
  /** Beside those that every answer has. @default - none */
  readonly headers?: readonly HeaderModel[];
  /** @default - empty */
  readonly body?: { readonly contentType: string; readonly text: string };
}

export interface WafRuleModel {
  readonly name: string;
  readonly priority: number;
  readonly action: WafVerdict;
  readonly statement: WafStatement;
}

export type WafStatement =
  | RateStatement
  | IpSetStatement
  /** Whether a part of the request has a text, after the changes. */
  | { readonly kind: 'text'; readonly part: RequestPart; readonly changes: readonly TextChange[]; readonly match: TextMatch }
  | { readonly kind: 'size'; readonly part: RequestPart; readonly comparison: Comparison; readonly bytes: number }
  | { readonly kind: 'and' | 'or'; readonly statements: readonly WafStatement[] }
  | { readonly kind: 'not'; readonly statement: WafStatement };

export interface RateStatement {
  readonly kind: 'rate';
  readonly limit: number;
  readonly windowSeconds: number;
  readonly key: RateKey;
  readonly scopeDown?: WafStatement;
}

export interface IpSetStatement {
  readonly kind: 'ip-set';
  readonly cidrs: readonly string[];
  /** Set where the addresses are no part of the template, and change while it stands: empty at first. */
  readonly live?: LiveSet;
  /** @default - the address of the connection */
  readonly forwarded?: ForwardedAddress & { readonly position: 'first' | 'last' };
}

/** One half of a lock-down switch. */
export interface LiveSet {
  /** The resource that makes it. */
  readonly place: Place;
  readonly family: 'v4' | 'v6';
}

/** An address that a header names. */
export interface ForwardedAddress {
  readonly header: string;
  /** What a statement says of a request whose header names no address. Without the header it never holds. */
  readonly otherwise: boolean;
}

export type RequestPart = { readonly kind: 'path' | 'method' | 'query' } | { readonly kind: 'header'; readonly name: string };

export type TextChange = 'lowercase' | 'url-decode' | 'normalize-path';

export type TextMatch =
  | { readonly kind: 'is' | 'starts-with' | 'ends-with' | 'contains'; readonly text: string }
  | { readonly kind: 'regex'; readonly regex: string };

export type Comparison = 'EQ' | 'NE' | 'LE' | 'LT' | 'GE' | 'GT';

/** What requests are counted by: everybody together, an address, a part of the request, or several of these at once. */
export type RateKey =
  | { readonly kind: 'constant' }
  | { readonly kind: 'address' }
  | { readonly kind: 'forwarded'; readonly from: ForwardedAddress }
  | { readonly kind: 'path' | 'method' }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'several'; readonly keys: readonly RateKey[] };
