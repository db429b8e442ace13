/** What the construct and the service have to agree on: with the one on limits, the only file of this room that the service may import. */
import type { RateConfiguration } from './rate/contract';

/** The variable that holds the whole configuration, as JSON. There is no second place for any of it. */
export const CONFIGURATION_VARIABLE = 'GATE_CONFIGURATION';

/** Variables that are filled from Secrets Manager when a task starts. */
export const REDIS_PASSWORD_VARIABLE = 'GATE_REDIS_PASSWORD';
export const CORE_KEY_VARIABLE = 'GATE_CORE_KEY';
export const SHARED_SECRET_VARIABLE = 'GATE_SHARED_SECRET';
/** By which callers' names are hashed in the audit record; the same in all tasks, or nobody could follow a caller. */
export const AUDIT_KEY_VARIABLE = 'GATE_AUDIT_KEY';

/** Every variable of the service begins so; one that is none of the above stops it, since somebody believes that it does something. */
export const VARIABLE_PREFIX = 'GATE_';

/** What the load balancer's health check asks. No route can be declared below `/.gate`, and no Core is asked for it. */
export const GATE_HEALTH_PATH = '/.gate/health';

/** The container's name in the task definition. */
export const GATE_CONTAINER = 'Gate';

/** Everything that the service is told, beside its secrets. */
export interface GateConfiguration {
  readonly version: 1;
  /** `local` is for a machine without a load balancer, and the only one in which a shared secret may sign tokens (IDN-2). */
  readonly profile: 'remote' | 'local';
  /** Where the load balancer connects to, by TLS. */
  readonly port: number;
  readonly core: CoreConfiguration;
  readonly policy: PolicyConfiguration;
  readonly identity: IdentityConfiguration;
  readonly limits: LimitsConfiguration;
  /** @default - no browser of another origin is answered */
  readonly cors?: CorsConfiguration;
  /** API keys, revocations and mirrored signing keys. */
  readonly table: TableConfiguration;
  /** @default - nothing is counted */
  readonly rate?: RateConfiguration;
  readonly metrics: MetricsConfiguration;
}

/** The container behind the gate, on the same loopback. */
export interface CoreConfiguration {
  readonly port: number;
  /** Answers 200 while it is well. */
  readonly healthCheckPath: string;
  /** Whether strangers may ask for the health, and are answered by the gate alone (C-40). */
  readonly publicHealth: boolean;
  /** Lower case. Tells the Core who called (IDN-7). */
  readonly identityHeader: string;
  /** Lower case. Tells the Core the caller's scopes, separated by blanks. @default - it is not told */
  readonly scopesHeader?: string;
  /** Lower case. Removed from every request, whoever sent them, beside the two above and those that are always removed. */
  readonly removedHeaders: readonly string[];
  /** Lower case. Carries the gate's own key, from CORE_KEY_VARIABLE; `authorization` as a bearer token. @default - none is sent */
  readonly keyHeader?: string;
  /** The caller's own credential, once it is verified. @default - none reaches the Core */
  readonly passes?: PassedConfiguration;
}

/**
 * A token goes on as `Authorization: Bearer`, or as `bearer` for a Core that compares it so; a key in a header, in lower case, of which `authorization` carries it as the first.
 */
export type PassedConfiguration =
  | { readonly proof: 'token'; readonly scheme?: 'bearer' }
  | { readonly proof: 'key'; readonly header: string };

/** Which caller may do what. Whatever no route names is refused (AZN-1). */
export interface PolicyConfiguration {
  readonly routes: readonly PolicyRoute[];
  /** Scopes by role; without a wildcard (AZN-3, AZN-4). */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ANY';

/** Two routes that match one request demand the same of it. */
export interface PolicyRoute {
  readonly method: RouteMethod;
  /** Compared byte for byte; without a trailing slash, except for the root. */
  readonly path: string;
  /** Whether the paths below belong to it. */
  readonly subtree: boolean;
  readonly access: AccessCondition;
  /** Which budget its requests spend (RTL-3). */
  readonly tier: RouteTier;
  /** Whether each of its requests may last, and so holds a lease (RTL-4). */
  readonly streams: boolean;
}

export type RouteTier = 'light' | 'heavy';

/** What a caller must have. There is no negation: what is missing never lets anybody through. */
export type AccessCondition =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scope'; readonly scope: string }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'all' | 'any'; readonly of: readonly AccessCondition[] };

/** `certificate`: the load balancer verified it. `token`: a JWT. `key`: an API key. */
export type ProofKind = 'certificate' | 'token' | 'key';

/** How callers prove who they are. */
export interface IdentityConfiguration {
  /** One of them is enough; of each, every proof is needed. */
  readonly accept: readonly (readonly ProofKind[])[];
  /** Issuers whose tokens are taken, each once; empty where no token is. */
  readonly tokens: readonly TokenConfiguration[];
  /** @default - headers about certificates are removed, whatever they say */
  readonly certificate?: CertificateConfiguration;
  /** @default - no key is taken */
  readonly key?: KeyConfiguration;
  /** People who logged in at the load balancer may see ADMIN_PATH and what is below it, and nothing else may (IDN-10). @default - the admin plane is answered 404 */
  readonly admin?: AdminConfiguration;
}

/** Below it, tokens, certificates and keys of callers open nothing. */
export const ADMIN_PATH = '/admin';

/** What the load balancer says about somebody who logged in there, on the rules that demand a login and on no others. */
export interface AdminConfiguration {
  /** Lower case; whom the identity provider knows. */
  readonly subjectHeader: string;
  /** The cookie that holds the login, which the load balancer numbers (`-0`, `-1`). No Core is told it: whoever has it is that person. */
  readonly cookieName: string;
}

export type TokenAlgorithm = 'RS256' | 'ES256' | 'HS256';

export interface TokenConfiguration {
  /** Exactly as in `iss` (IDN-3). */
  readonly issuer: string;
  /** Claims that must be there, each with one of its values. A list in the token is enough if it holds one; `scope` is split at blanks. At least one of `aud` and `client_id` is named. */
  readonly claims: readonly { readonly name: string; readonly values: readonly string[] }[];
  /** HS256 in the local profile only. */
  readonly algorithms: readonly TokenAlgorithm[];
  /** How far clocks may be apart: 60 at most (IDN-11). */
  readonly clockSkewSeconds: number;
  readonly subjectClaim: 'sub' | 'client_id' | 'username';
  readonly scopesClaim: 'scope' | 'scp' | 'scopes';
  /** @default - tokens name no roles */
  readonly rolesClaim?: string;
  /** Names the person for whom the bearer asks, whose budget is then spent (M-59). @default - all of a subject's requests spend one budget */
  readonly endUserClaim?: string;
  readonly keys: KeySetConfiguration;
}

/** Where the issuer's signing keys come from (IDN-5). */
export interface KeySetConfiguration {
  /** `mirror`: from the table, where a function outside the network puts them. `https`: from the issuer itself. `secret`: SHARED_SECRET_VARIABLE. */
  readonly source: 'mirror' | 'https' | 'secret';
  /** Names the key set; fetched where the source is `https`. */
  readonly uri: string;
  /** 60 to 3600. */
  readonly ttlSeconds: number;
  /** 1 to 10. */
  readonly timeoutSeconds: number;
  /** 1 to 5. */
  readonly maxAttempts: number;
  /** More than 0; doubled from attempt to attempt. */
  readonly backoffSeconds: number;
  /** At least the above. */
  readonly maxBackoffSeconds: number;
}

/** What the load balancer says about a certificate that it has verified (IDN-6). */
export interface CertificateConfiguration {
  /** Lower case; the subject's distinguished name. */
  readonly subjectHeader: string;
  /** Scopes by subject; a subject that is not named has none (TG-32). */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}

export interface KeyConfiguration {
  /** Lower case. */
  readonly header: string;
  /** What every key begins with. */
  readonly prefix: string;
  /** Whether `Authorization: Bearer` may carry one: only where no token is expected there (design 5b overrides C-04). */
  readonly inAuthorization: boolean;
}

export interface LimitsConfiguration {
  readonly maxBodyBytes: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersTimeoutSeconds: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeoutSeconds: number;
  /** Silence on either side of a request that is under way. */
  readonly idleTimeoutSeconds: number;
  /** Kept-alive connections without a request; longer than the load balancer's own, or it meets closed ones (AWS ELB guide, HTTP 502). */
  readonly keepAliveSeconds: number;
  readonly maxConnections: number;
  /** From the signal to stop until what is under way is cut. */
  readonly drainSeconds: number;
}

/** Browsers of these origins may call (HDR-1). There is no wildcard. */
export interface CorsConfiguration {
  /** As browsers spell them: `https://host[:port]`. */
  readonly origins: readonly string[];
  readonly credentials: boolean;
  /** Lower case: request headers that a page may set beside the simple ones. */
  readonly headers: readonly string[];
  readonly maxAgeSeconds: number;
}

/** One DynamoDB table; see the items below. */
export interface TableConfiguration {
  readonly name: string;
  readonly region: string;
}

/** What is measured goes to CloudWatch by the log (EMF), and to whoever asks on a port of its own (MON-3). */
export interface MetricsConfiguration {
  /** Of CloudWatch. */
  readonly namespace: string;
  /** Where Prometheus asks, by TLS; no target group has it. @default - nobody can ask */
  readonly port?: number;
}

/** How often the table is asked for revocations. */
export const REVOCATION_POLL_SECONDS = 2;
/** A list that was asked for longer ago lets nobody through: what was revoked since would pass (IDN-4). */
export const REVOCATION_MAX_AGE_SECONDS = 5;

/** A tag on the table, by which the command line finds it in a stack. */
export const TABLE_TAG = 'cdk-secure-core:gate-table';

/** The table's keys; both texts. */
export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
/** Seconds since 1970, after which DynamoDB removes the item. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** An API key: partition `key#<SHA-256 of the key, hex>`, sort key `key`. The key itself is nowhere (IDN-8). */
export interface KeyItem {
  readonly owner: string;
  readonly scopes: readonly string[];
  /** What people call it by: the first characters of its digest. */
  readonly id: string;
  readonly createdAt: string;
  /** Seconds since 1970. Items stay longer than they are valid, so that a list can show them. */
  readonly validUntil: number;
  readonly revokedAt?: string;
}
export const KEY_SORT = 'key';
export const keyPartition = (digest: string): string => `key#${digest}`;

/** Something that is no longer let in: partition `revocations`, sort key `<kind>#<value>`. For tokens also with the issuer, since two may give out one `sub`. */
export const REVOCATIONS_PARTITION = 'revocations';
/** `admin`: somebody at the admin plane, whose login the load balancer cannot end (IDN-10). */
export type RevocationKind = 'key' | 'jti' | 'sub' | 'admin';
/** @param value the digest of a key, `<issuer> <jti or sub>`, or the subject of an administrator as the load balancer tells it */
export const revocationSort = (kind: RevocationKind, value: string): string => `${kind}#${value}`;

/** Among the revocations, so that one question tells of both: while it is there, nobody is let in and no stream stays open (INC-1). */
export const LOCKDOWN_SORT = 'lockdown';

/** A mirrored key set: partition `jwks`, sort key the URI; `document` is the JSON, `fetchedAt` seconds since 1970. */
export const KEY_SET_PARTITION = 'jwks';
/** A mirrored key set that is older was not renewed for an hour, and is not trusted any more. */
export const KEY_SET_MAX_AGE_SECONDS = 3600;

/** Removed from every request beside what the configuration names: whoever could send them would say who he is (M-13, C-07, TG-28). */
export const IDENTITY_HEADERS: readonly string[] = [
  'x-auth-request-user', 'x-auth-request-email', 'x-auth-request-groups', 'x-client-id', 'x-ssl-client-subject', 'x-ssl-client-verify',
  'x-forwarded-user', 'x-forwarded-email', 'x-forwarded-groups', 'x-remote-user', 'remote-user', 'x-user-id', 'x-user', 'x-role', 'x-roles', 'x-scopes',
  'x-amzn-oidc-identity', 'x-amzn-oidc-accesstoken', 'x-amzn-oidc-data',
];
