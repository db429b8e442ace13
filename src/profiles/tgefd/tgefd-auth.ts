import { Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';
import { Authorizer } from '../../authorizer/authorizer';
import type { CognitoIssuer } from '../../authorizer/cognito-issuer';
import { audienceClaims, checkIssuer } from '../../authorizer/jwt-validation';
import { checkTokenIdentity } from '../../authorizer/token-identity';
import type { GateOptions } from '../../gate/gate-props';
import { PassedProof } from '../../gate/passed-proof';
import { isScopeName } from '../../gate/scope-names';
import { invalidProp } from '../../invalid-prop';
import { domainFault } from '../../network/domain-name';
import { checkScopes } from './checked-scopes';
import type { TgefdJwtProps, TgefdMtlsProps } from './tgefd-props';
import { TgefdScope } from './tgefd-scope';

/** By what callers prove themselves, for the gate and for TGEFD alike. */
export interface TgefdProof {
  /** As `TGEFD_AUTH_MODE` says it. */
  readonly mode: 'jwt' | 'mtls';
  readonly authorizer: Authorizer;
  /** A scope as callers' credentials spell it. */
  readonly spelled: (scope: TgefdScope) => string;
  /** What else the gate has to know of it. */
  readonly gate: Pick<GateOptions, 'passes' | 'scopesHeader' | 'certificateScopes'>;
  /** The host that TGEFD asks for signing keys by itself, from a tier without a way out. */
  readonly keysHost?: string;
}

/** Where TGEFD reads what a certificate is good for; the gate removes what callers send in it (TG-39). */
const SCOPES_HEADER = 'x-auth-request-scopes';

/** TGEFD verifies tokens itself, so the gate leaves them in (TG-10, TG-11). */
/** What a user of the profile has written. */
const PLACE = 'profile.auth';

/** TGEFD_JWT_BEARER_PREFIX is `bearer `. */
const PASSES_TOKEN = { passes: PassedProof._tokenInLowerCase() };

/**
 * How callers of TGEFD prove who they are (TG-02).
 *
 * There is no variant without proof, by API keys or by a shared secret (TG-06, TG-07, TG-09), and none can be added: the class cannot be extended or imitated.
 */
export class TgefdAuth {
  /** Tokens of an issuer that name TGEFD as their audience. Its `jwksUri` is asked on port 443, by TGEFD too. */
  public static jwt(props: TgefdJwtProps): TgefdAuth {
    const { scopePrefix = '', jwksUri } = props;
    const authorizer = Authorizer.jwt(props);
    return new TgefdAuth((scope) => {
      checkIssuer(scope, props, audienceClaims(props), PLACE);
      checkTokenIdentity(scope, props, PLACE);
      checkAudience(scope, props.audience);
      if (!isScopeName(`${scopePrefix}${TgefdScope.DISCOVER}`)) {
        throw invalidProp(scope, 'profile.auth.scopePrefix', scopePrefix,
          'Name what tokens have in front of a scope, such as tgefd/: printable characters, without blanks, quotes, backslashes, commas and *.');
      }
      return { mode: 'jwt', authorizer, spelled: (one) => `${scopePrefix}${one}`, gate: PASSES_TOKEN, keysHost: hostOf(scope, jwksUri) };
    });
  }

  /**
   * Tokens that Amazon Cognito gives to machines. The issuer has to have the scopes `discover`, `evaluate`, `metrics` and `jobs` (TG-30).
   *
   * They name a client and no audience, so TGEFD is told the clients as its audiences. That it compares those is not proven: prefer an issuer that names an audience.
   */
  public static cognito(issuer: CognitoIssuer): TgefdAuth {
    const spelled = new Map(Object.values(TgefdScope).map((one) => [one, issuer.scope(one)]));
    const authorizer = Authorizer.cognito(issuer);
    return new TgefdAuth((scope) => ({ mode: 'jwt', authorizer, spelled: (one) => spelled.get(one) ?? one, gate: PASSES_TOKEN, keysHost: cognitoHost(scope, issuer) }));
  }

  /** Client certificates, with what each is good for (TG-27, TG-32). TGEFD asks nobody for keys, and needs no way out. */
  public static mtls(props: TgefdMtlsProps): TgefdAuth {
    const authorizer = Authorizer.mtls(props);
    return new TgefdAuth((scope) => {
      checkCertificateScopes(scope, props);
      return { mode: 'mtls', authorizer, spelled: (one) => one, gate: { scopesHeader: SCOPES_HEADER, certificateScopes: props.scopes } };
    });
  }

  private constructor(private readonly prove: (scope: IConstruct) => TgefdProof) {}

  /**
   * What the gate and TGEFD are told, once it is checked.
   *
   * @internal
   */
  public _proof(scope: IConstruct): TgefdProof {
    return this.prove(scope);
  }
}

/** TGEFD takes several audiences, separated by commas, where the gate and the load balancer compare one. */
function checkAudience(scope: IConstruct, audience: string): void {
  if (/[\s,*]/.test(audience) && !Token.isUnresolved(audience)) {
    throw invalidProp(scope, 'profile.auth.audience', audience, 'Name one audience, without blanks, commas and *: TGEFD would read several.');
  }
}

/** The host of a JWKS, which has to be known to be let through, on the only port that is. */
function hostOf(scope: IConstruct, jwksUri: string): string {
  const refused = (todo: string): Error => invalidProp(scope, 'profile.auth.jwksUri', jwksUri, todo);
  if (Token.isUnresolved(jwksUri)) throw refused('Write it out: TGEFD asks for the keys too, and the host it asks has to be known to be let through.');
  const { hostname, port } = new URL(jwksUri);
  if (port !== '') throw refused('Name an address on port 443: the network lets TGEFD reach no other.');
  const fault = domainFault(hostname);
  if (fault !== undefined) throw refused(fault);
  return hostname;
}

/** The host as Amazon writes it, since a firewall cannot be told one that only a deployment knows. */
function cognitoHost(scope: IConstruct, issuer: CognitoIssuer): string {
  const { region } = issuer.userPool.env;
  if (Token.isUnresolved(region)) {
    throw invalidProp(scope, 'profile.auth', 'a Cognito issuer in a region that only a deployment knows',
      'Name the region of its stack, new Stack(app, id, { env: { region } }): TGEFD asks for the keys too, and the host it asks has to be known to be let through.');
  }
  return `cognito-idp.${region}.${RegionInfo.get(region).domainSuffix ?? 'amazonaws.com'}`;
}

function checkCertificateScopes(scope: IConstruct, { scopes }: TgefdMtlsProps): void {
  // For those whose compiler does not tell them.
  const subjects = Object.entries((scopes as TgefdMtlsProps['scopes'] | undefined) ?? {});
  if (subjects.length === 0) throw invalidProp(scope, 'profile.auth.scopes', scopes, 'Name the subjects of callers\' certificates, each with what it may do: nobody could do anything.');
  for (const [subject, granted] of subjects) {
    if (subject.trim() === '') throw invalidProp(scope, 'profile.auth.scopes', subject, 'Name the subject of a certificate as the load balancer writes it, such as CN=platform,O=Acme.');
    checkScopes(scope, `profile.auth.scopes.${subject}`, granted);
  }
}
