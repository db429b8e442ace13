import { Size as ByteSize, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Authorizer } from '../authorizer/authorizer';
import type { AuthorizerIdentity } from '../authorizer/authorizer-identity';
import { CLIENT_CERTIFICATE_SUBJECT_HEADER } from '../ingress/client-certificate-headers';
import { invalidProp } from '../invalid-prop';
import { AccessPolicy } from './access-policy';
import type { GateConfiguration, IdentityConfiguration, KeyConfiguration, TokenConfiguration } from './contract';
import { checkOuterRing, MAX_DRAIN_SECONDS } from './gate-checks';
import { metricsOf } from './gate-metrics';
import { type GateProps, KeySetSource } from './gate-props';
import { corsConfiguration } from './https-origin';
import { keySetBounds } from './key-set-fetch';
import type { RateConfiguration, RedisConfiguration } from './rate/contract';
import { RatePlan } from './rate/rate-plan';
import { toldHeaders } from './told-headers';

/** The header in which a load balancer names who logged in (AWS ELB guide, "Authenticate users"). */
const ADMIN_SUBJECT_HEADER = 'x-amzn-oidc-identity';

const MAX_BODY = ByteSize.mebibytes(10);

/** What is made for the gate rather than asked for. */
export interface Surroundings {
  readonly port: number;
  readonly table: GateConfiguration['table'];
  readonly redis: RedisConfiguration;
  readonly connections: number;
  /** How many gates run at most. */
  readonly maxTasks: number;
}

/** Everything that the service is told. Whatever the construct accepts, the service starts with. */
export function configurationOf(scope: IConstruct, props: GateProps, { port, table, redis, connections, maxTasks }: Surroundings): GateConfiguration {
  const { ingress, cors, passes } = props;
  const identity = identityOf(scope, props);
  const told = toldHeaders(props);
  const idleSeconds = ingress.streamIdleTimeout.toSeconds();
  return {
    version: 1,
    profile: 'remote',
    port,
    core: {
      port: props.corePort,
      healthCheckPath: props.healthCheckPath,
      publicHealth: props.publicHealth ?? false,
      ...told,
      removedHeaders: (props.removedHeaders ?? []).map((header) => header.toLowerCase()),
      passes: passes?._serialize(scope, identity, told),
    },
    policy: AccessPolicy.fromRoutes(ingress.routes, { roles: props.roles })._serialize(scope, ...(props.publicHealth ? [props.healthCheckPath] : [])),
    identity,
    limits: {
      maxBodyBytes: (props.maxBody ?? MAX_BODY).toBytes(),
      headersTimeoutSeconds: 10,
      requestTimeoutSeconds: props.requestTimeout?.toSeconds() ?? 60,
      idleTimeoutSeconds: idleSeconds,
      // The load balancer closes what is idle first, and never meets a connection that the gate has just closed (AWS ELB guide, "HTTP 502").
      keepAliveSeconds: idleSeconds + 60,
      maxConnections: connections,
      drainSeconds: props.drainTimeout?.toSeconds() ?? MAX_DRAIN_SECONDS,
    },
    cors: cors && corsConfiguration(scope, cors),
    table,
    rate: { redis, ...rateOf(scope, props, identity, maxTasks) },
    metrics: metricsOf(scope, props.corePort, props.metrics),
  };
}

function rateOf(scope: IConstruct, { ingress, ratePlan = RatePlan.perCaller() }: GateProps, { tokens, key }: IdentityConfiguration, maxTasks: number): Omit<RateConfiguration, 'redis'> {
  const rate = ratePlan._serialize(scope, { takesTokens: tokens.length > 0, takesKeys: key !== undefined, namesRoles: tokens.some(({ rolesClaim }) => rolesClaim !== undefined) }, maxTasks);
  checkOuterRing(scope, ingress, rate);
  return rate;
}

function identityOf(scope: IConstruct, { ingress, certificateScopes = {}, keySets = KeySetSource.MIRROR, keySetFetch, ratePlan }: GateProps): IdentityConfiguration {
  const demanded = ingress.authorizers.map((authorizer: Authorizer) => authorizer._identity);
  // Two references to one thing are different tokens of the CDK, and the same once resolved.
  const spelled = (value: unknown): string => JSON.stringify(Stack.of(scope).resolve(value));
  const bounds = keySetBounds(scope, keySetFetch, ingress.streamIdleTimeout);
  const tokens = new Map<string, TokenConfiguration>();
  for (const { jwksUri, ...token } of demanded.flatMap((identity) => identity.tokens)) {
    const configured: TokenConfiguration = { ...token, endUserClaim: ratePlan?._endUserClaim, keys: { source: keySets, uri: jwksUri, ...bounds } };
    const known = tokens.get(spelled(token.issuer));
    if (known && spelled(known) !== spelled(configured)) {
      const todo = 'Demand the same of one issuer\'s tokens on every listener: the gate cannot tell which one a request came through.';
      throw invalidProp(scope, 'authorizer', `two demands on tokens of ${token.issuer}`, todo);
    }
    tokens.set(spelled(token.issuer), configured);
  }
  if (keySetFetch && tokens.size === 0) {
    throw invalidProp(scope, 'gate.keySetFetch', 'given', 'No listener takes tokens, so no signing key is asked for: name an authorizer by tokens, or take it out.');
  }
  const takesCertificates = demanded.some(({ certificate }) => certificate);
  if (!takesCertificates && Object.keys(certificateScopes).length > 0) {
    throw invalidProp(scope, 'gate.certificateScopes', certificateScopes, 'No listener asks for certificates: add Authorizer.mtls, or take the scopes out.');
  }
  const accept = [...new Map(demanded.flatMap((identity) => identity.accept).map((proofs) => [[...proofs].sort().join(), proofs])).values()];
  return {
    accept,
    tokens: [...tokens.values()],
    certificate: takesCertificates ? { subjectHeader: CLIENT_CERTIFICATE_SUBJECT_HEADER, scopes: certificateScopes } : undefined,
    key: keyOf(scope, demanded, tokens.size > 0),
    admin: ingress.adminCookieName === undefined ? undefined : { subjectHeader: ADMIN_SUBJECT_HEADER, cookieName: ingress.adminCookieName },
  };
}

/** How a key is sent; as a bearer token only where no listener expects another one there. */
function keyOf(scope: IConstruct, demanded: readonly AuthorizerIdentity[], takesTokens: boolean): KeyConfiguration | undefined {
  const [key, ...others] = demanded.flatMap((identity) => identity.key ?? []);
  const other = others.find(({ header, prefix }) => header !== key?.header || prefix !== key.prefix);
  if (other) throw invalidProp(scope, 'authorizer', `keys in ${key?.header} and in ${other.header}`, 'Name one header and one prefix for the keys of every listener.');
  return key && { ...key, inAuthorization: key.inAuthorization && !takesTokens };
}
