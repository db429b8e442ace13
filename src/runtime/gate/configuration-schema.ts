import { z } from 'zod';
import type { AccessCondition, GateConfiguration } from '../../gate/contract';
import { isSpokenFor, passedHeaderOf } from '../../gate/headers/contract';
import { isKeySetUri } from '../shared/fetch-key-set';

/** IDN-11: clocks may be a minute apart. */
const MAX_CLOCK_SKEW_SECONDS = 60;
/** An access condition deeper than this is no policy that anybody can read, and would overflow the stack that checks it. */
const MAX_CONDITION_DEPTH = 32;

const text = z.string().min(1, 'must not be empty');
const port = z.int().min(1, 'must be at least 1').max(65_535, 'must be at most 65535');
const positive = z.number().positive('must be more than 0');
const positiveInteger = z.int().positive('must be more than 0');
const between = (from: number, to: number): z.ZodNumber => z.number().min(from, `must be at least ${from}`).max(to, `must be at most ${to}`);
const integerBetween = (from: number, to: number): z.ZodInt => z.int().min(from, `must be at least ${from}`).max(to, `must be at most ${to}`);
/** RFC 9110 tokens in lower case. An underscore is not taken: a server of the Core may read it as a hyphen, and so a caller's header as ours. */
const headerName = z.string().regex(/^[a-z0-9!#$%&'*+.^`|~-]+$/, 'must be a header name in lower case, without underscores');
/** RFC 6265, 4.1.1: a token. */
const cookieName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be the name of a cookie');
const path = z.string().regex(/^\/[\x21-\x7e]*$/, 'must begin with / and hold printable ASCII only');
const scopes = z.array(text);
const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;

function depthOf(condition: AccessCondition): number {
  return 'of' in condition ? 1 + Math.max(0, ...condition.of.map(depthOf)) : 1;
}

const condition: z.ZodType<AccessCondition> = z.lazy(() => z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('authenticated') }),
  z.strictObject({ kind: z.literal('scope'), scope: text }),
  z.strictObject({ kind: z.literal('role'), role: text }),
  // An empty `all` would let everybody through.
  z.strictObject({ kind: z.enum(['all', 'any']), of: z.array(condition).min(1, 'must not be empty') }),
]));

const core = z.strictObject({
  port,
  healthCheckPath: path,
  publicHealth: z.boolean(),
  identityHeader: headerName,
  scopesHeader: headerName.optional(),
  removedHeaders: z.array(headerName),
  keyHeader: headerName.optional(),
  passes: z.discriminatedUnion('proof', [
    z.strictObject({ proof: z.literal('token'), scheme: z.literal('bearer').optional() }),
    z.strictObject({ proof: z.literal('key'), header: headerName.refine((header) => !isSpokenFor(header), 'must be a header that says nothing else') }),
  ]).optional(),
}).superRefine(({ passes, identityHeader, scopesHeader, keyHeader }, context) => {
  const header = passedHeaderOf(passes);
  if (header === undefined || ![identityHeader, scopesHeader, keyHeader].includes(header)) return;
  context.addIssue({ code: 'custom', path: ['passes'], message: 'must not go in a header that the Core is told something else in' });
});

const policy = z.strictObject({
  routes: z.array(z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'ANY']),
    path: path.refine((value) => value === '/' || !value.endsWith('/'), 'must not end with /'),
    subtree: z.boolean(),
    access: condition.refine((value) => depthOf(value) <= MAX_CONDITION_DEPTH, `must not be nested deeper than ${MAX_CONDITION_DEPTH}`),
    tier: z.enum(['light', 'heavy']),
    streams: z.boolean(),
  })),
  roles: z.record(text, scopes),
});

const keySet = z.strictObject({
  source: z.enum(['mirror', 'https', 'secret']),
  uri: text,
  ttlSeconds: between(60, 3600),
  timeoutSeconds: between(1, 10),
  maxAttempts: integerBetween(1, 5),
  backoffSeconds: positive,
  maxBackoffSeconds: positive,
})
  .refine(({ backoffSeconds, maxBackoffSeconds }) => maxBackoffSeconds >= backoffSeconds, { path: ['maxBackoffSeconds'], message: 'must be at least backoffSeconds' });

const token = z.strictObject({
  issuer: text.regex(/^[^\s#]+$/, 'must hold neither blanks nor #'),
  claims: z.array(z.strictObject({ name: text, values: z.array(text).min(1, 'must not be empty') }))
    .refine((claims) => claims.some(({ name }) => name === 'aud' || name === 'client_id'), 'must name aud or client_id'),
  algorithms: z.array(z.enum(['RS256', 'ES256', 'HS256'])).min(1, 'must not be empty').refine(unique, 'must name each once'),
  clockSkewSeconds: between(0, MAX_CLOCK_SKEW_SECONDS),
  subjectClaim: z.enum(['sub', 'client_id', 'username']),
  scopesClaim: z.enum(['scope', 'scp', 'scopes']),
  rolesClaim: text.optional(),
  endUserClaim: text.optional(),
  keys: keySet,
}).refine(({ algorithms, keys }) => algorithms.every((algorithm) => (algorithm === 'HS256') === (keys.source === 'secret')), {
  path: ['algorithms'], message: 'must be HS256 alone where the source of keys is secret, and never elsewhere',
});

const identity = z.strictObject({
  accept: z.array(z.array(z.enum(['certificate', 'token', 'key'])).min(1, 'must not be empty').refine(unique, 'must name each proof once')).min(1, 'must not be empty'),
  tokens: z.array(token).refine((tokens) => unique(tokens.map(({ issuer }) => issuer)), 'must name each issuer once'),
  certificate: z.strictObject({ subjectHeader: headerName, scopes: z.record(text, scopes) }).optional(),
  key: z.strictObject({ header: headerName, prefix: text, inAuthorization: z.boolean() }).optional(),
  admin: z.strictObject({ subjectHeader: headerName, cookieName }).optional(),
}).superRefine(({ accept, tokens, certificate, key }, context) => {
  const configured = { token: tokens.length > 0, certificate: certificate !== undefined, key: key !== undefined };
  accept.forEach((proofs, list) => proofs.forEach((proof, index) => {
    if (!configured[proof]) context.addIssue({ code: 'custom', path: ['accept', list, index], message: `must not name ${proof}, which is not configured` });
  }));
  if (key?.inAuthorization === true && tokens.length > 0) context.addIssue({ code: 'custom', path: ['key', 'inAuthorization'], message: 'must be false where tokens are taken' });
});

const limits = z.strictObject({
  maxBodyBytes: positiveInteger,
  headersTimeoutSeconds: positive,
  requestTimeoutSeconds: positive,
  idleTimeoutSeconds: positive,
  keepAliveSeconds: positive,
  maxConnections: positiveInteger,
  drainSeconds: z.number().min(0, 'must be at least 0'),
});

const cors = z.strictObject({
  origins: z.array(z.string().regex(/^https:\/\/[a-z0-9.-]+(:[0-9]+)?$/, 'must be as browsers spell it: https://host[:port]')).min(1, 'must not be empty'),
  credentials: z.boolean(),
  headers: z.array(headerName),
  maxAgeSeconds: z.int().min(0, 'must be at least 0'),
});

const budget = z.strictObject({ requests: positiveInteger, windowSeconds: integerBetween(1, 3600), burst: positiveInteger });

const plan = z.strictObject({ general: budget, heavy: budget, streams: integerBetween(1, 100) })
  .refine(({ general, heavy }) => heavy.requests * general.windowSeconds <= general.requests * heavy.windowSeconds, {
    path: ['heavy', 'requests'], message: 'must not be more than what general grants',
  });

const rate = z.strictObject({
  redis: z.strictObject({ host: text, port, user: text, keyPrefix: text, isCluster: z.boolean() }),
  onRedisLost: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('refuse') }),
    z.strictObject({ kind: z.literal('count'), gates: positiveInteger }),
  ]),
  plan,
  overrides: z.array(z.strictObject({ by: z.enum(['key', 'role']), name: text, plan }))
    .refine((overrides) => unique(overrides.map(({ by, name }) => `${by} ${name}`)), 'must name each key owner and each role once'),
});

const metrics = z.strictObject({
  // CloudWatch API, MetricDatum and PutMetricData: of these characters, and AWS's own begin with AWS/.
  namespace: z.string().regex(/^(?!AWS\/)[A-Za-z0-9._/#-][A-Za-z0-9._/#:-]{0,254}$/, 'must be a namespace of CloudWatch: 1 to 255 of letters, digits and . - _ / # :'),
  port: port.optional(),
});

/** Refuses what it does not know and what is missing: a rule that is not understood is not enforced either. */
export const CONFIGURATION = z.strictObject({
  version: z.literal(1),
  profile: z.enum(['remote', 'local']),
  port,
  core,
  policy,
  identity,
  limits,
  cors: cors.optional(),
  table: z.strictObject({ name: text, region: text }),
  rate: rate.optional(),
  metrics,
}).superRefine((configuration, context) => {
  if (configuration.port === configuration.core.port) context.addIssue({ code: 'custom', path: ['port'], message: 'must not be the port of the Core' });
  if (configuration.metrics.port === configuration.port || configuration.metrics.port === configuration.core.port) {
    context.addIssue({ code: 'custom', path: ['metrics', 'port'], message: 'must be neither the port of the gate nor that of the Core' });
  }
  const { core: { passes }, identity: { tokens, key } } = configuration;
  if (passes && !(passes.proof === 'token' ? tokens.length > 0 : key)) {
    context.addIssue({ code: 'custom', path: ['core', 'passes', 'proof'], message: `must not name ${passes.proof}, which is not configured` });
  }
  const isLocal = configuration.profile === 'local';
  for (const name of ['certificate', 'admin'] as const) {
    if (isLocal && configuration.identity[name] !== undefined) {
      context.addIssue({ code: 'custom', path: ['identity', name], message: 'must not be there in the local profile, where no load balancer writes its header' });
    }
  }
  configuration.identity.tokens.forEach(({ algorithms, keys: { source, uri } }, index) => {
    const place = ['identity', 'tokens', index];
    if (!isLocal && algorithms.includes('HS256')) context.addIssue({ code: 'custom', path: [...place, 'algorithms'], message: 'must not hold HS256 outside of the local profile' });
    if (source !== 'secret' && !isKeySetUri(uri, isLocal)) context.addIssue({ code: 'custom', path: [...place, 'keys', 'uri'], message: 'must be an https URL' });
  });
});

/** Every property read-only, all the way down: how the contract is written. */
type Frozen<T> = T extends string | number | boolean | undefined ? T : { readonly [K in keyof T]: Frozen<T[K]> };
interface Exactly<A> { <T>(value: T): T extends A ? 1 : 2 }
type IsSame<A, B> = Exactly<A> extends Exactly<B> ? true : false;
type Parsed = Frozen<z.output<typeof CONFIGURATION>>;
/** Does not compile where the schema and the contract differ in either direction, be it in an optional property. */
export const SCHEMA_IS_CONTRACT: IsSame<Parsed, Frozen<GateConfiguration>> = true;
