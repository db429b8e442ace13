import { Duration } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import {
  AdminSession, AdminUsers, type ApiKeyProps, Authorizer, type ClientCertificateOptions, type ClientCertificateProps, type CognitoAdminSessionProps, type CognitoAuthorizerOptions,
  CognitoIssuer, GateProof, type GateJwtClientProps, type GateJwtIssuerProps, type GateJwtProps, JwtAlgorithm, JwtAudienceFormat, type JwtAuthorizerProps,
  type JwtClientAuthorizerProps, type JwtIssuerProps, JwtScopesClaim, JwtSubjectClaim, type OidcAdminSessionProps, type StoredPem,
} from '../../../src';
import { built, type Draw, type DrawsOf, either, factoriesOf, flag, listOf, mapped, memberOf, perhaps, propsOf, type Site, text } from './draw';
import { aBucket, ACCOUNT, acknowledged, aSecret, DOMAIN, REGION, seconds } from './values';

const aPem = (file: string): Draw<StoredPem> => propsOf<StoredPem>('StoredPem', {
  bucket: aBucket,
  key: text([`callers/${file}`], ' ', '/root'),
  version: perhaps(text(['3HL4kqtJvjVBH40Nrjfkd'])),
});

/** Claims that tokens of one issuer have. */
const issuerDraws = (host: string): DrawsOf<JwtIssuerProps> => ({
  issuer: text([`https://${host}/`], `http://${host}/`, ''),
  jwksUri: text([`https://${host}/.well-known/jwks.json`], `http://${host}/keys`),
  scope: perhaps(text(['core/invoke'], 'two scopes'), 30),
  subjectClaim: perhaps(memberOf('JwtSubjectClaim', JwtSubjectClaim)),
  scopesClaim: perhaps(memberOf('JwtScopesClaim', JwtScopesClaim)),
  rolesClaim: perhaps(text(['roles', 'https://acme.com/roles'], '')),
  clockSkew: perhaps(seconds(0, 60)),
});

export const jwtDraws = (host = 'login.acme.com'): DrawsOf<JwtAuthorizerProps> => ({
  ...issuerDraws(host),
  audience: text(['core', 'https://core.acme.com'], '', '*'),
  audienceFormat: perhaps(memberOf('JwtAudienceFormat', JwtAudienceFormat)),
});

const aJwt: Draw<JwtAuthorizerProps> = propsOf<JwtAuthorizerProps>('JwtAuthorizerProps', jwtDraws());
const someClients: Draw<string[]> = listOf(text(['client-one', 'client-two', 'client-three'], ''), 1, 3);
const clients: Draw<JwtClientAuthorizerProps> = propsOf<JwtClientAuthorizerProps>('JwtClientAuthorizerProps', { ...issuerDraws('login.acme.com'), clientIds: someClients });

export const certificateDraws: DrawsOf<ClientCertificateProps> = {
  caBundle: aPem('ca.pem'),
  revocationList: aPem('crl.pem'),
  advertiseCaNames: perhaps(flag),
};
const aCertificate: Draw<ClientCertificateProps> = propsOf<ClientCertificateProps>('ClientCertificateProps', certificateDraws);

export const cognitoIssuerOf = (site: Site, scopes: string[]): CognitoIssuer => site.one(`issuer ${scopes.join(' ')}`,
  () => new CognitoIssuer(site.place('Issuer'), 'Issuer', { scopes, callers: [{ name: 'platform', scopes }] }));

const keys: Draw<ApiKeyProps> = propsOf<ApiKeyProps>('ApiKeyProps', { header: perhaps(text(['X-API-Key', 'x-core-key'], 'host', '')), prefix: perhaps(text(['ctx_', 'acme_'], 'CTX')) });
const algorithms = perhaps(listOf(memberOf('JwtAlgorithm', JwtAlgorithm), 1, 2), 50);
const gateIssuer: DrawsOf<GateJwtIssuerProps> = { ...issuerDraws('gate.acme.com'), algorithms };

export const aGateProof: Draw<GateProof> = factoriesOf<typeof GateProof, GateProof>('GateProof', {
  apiKeys: mapped(keys, 'keys', (props) => GateProof.apiKeys(props)),
  jwt: mapped(propsOf<GateJwtProps>('GateJwtProps', { ...gateIssuer, audience: text(['core'], '') }), 'jwt', (props) => GateProof.jwt(props)),
  jwtClients: mapped(propsOf<GateJwtClientProps>('GateJwtClientProps', { ...gateIssuer, clientIds: someClients }), 'clients', (props) => GateProof.jwtClients(props)),
});
const aKeyProof = mapped(keys, 'GateProof.apiKeys', (props) => GateProof.apiKeys(props));

const storeOf = (site: Site): elbv2.ITrustStore => site.one('trust store',
  () => elbv2.TrustStore.fromTrustStoreArn(site.place('TrustStore'), 'Named', `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:truststore/callers/0123456789abcdef`));

const anAuthorizerAlone: Draw<Authorizer> = factoriesOf<typeof Authorizer, Authorizer>('Authorizer', {
  jwt: mapped(aJwt, 'jwt', (props) => Authorizer.jwt(props)),
  jwtClients: mapped(clients, 'clients', (props) => Authorizer.jwtClients(props)),
  cognito: mapped(propsOf<CognitoAuthorizerOptions>('CognitoAuthorizerOptions', { scope: perhaps(text(['evaluate'], 'other')) }), 'cognito',
    (options, site) => Authorizer.cognito(cognitoIssuerOf(site, ['evaluate']), options)),
  mtls: mapped(aCertificate, 'certificates', (props) => Authorizer.mtls(props)),
  trustStore: acknowledged(
    mapped(propsOf<ClientCertificateOptions>('ClientCertificateOptions', { advertiseCaNames: perhaps(flag) }), 'trust store', (options, site) => Authorizer.trustStore(storeOf(site), options)),
    'IDN-6.revocation[undecidable]', 'The list is in the store of the platform team.',
  ),
  gateOnly: mapped(listOf(aGateProof, 1, 2), 'proofs', ([first, ...others]) => Authorizer.gateOnly(first ?? GateProof.apiKeys(), ...others)),
});

const ACME: JwtAuthorizerProps = { issuer: 'https://login.acme.com/', jwksUri: 'https://login.acme.com/keys', audience: 'core' };

/** Proofs that a load balancer asks for, to which one for the gate can be added. */
export const anEdge: Draw<Authorizer> = either(
  mapped(aJwt, 'Authorizer.jwt', (props) => Authorizer.jwt(props)),
  mapped(aCertificate, 'Authorizer.mtls', (props) => Authorizer.mtls(props)),
  mapped(aCertificate, 'Authorizer.mtls and jwt', (props) => Authorizer.mtls(props).and(Authorizer.jwt(ACME))),
);

export const anAuthorizer: Draw<Authorizer> = either(
  anAuthorizerAlone,
  mapped(aGateProof, 'gateOnly', (proof) => Authorizer.gateOnly(proof)),
  mapped(anEdge, 'with a certificate or a token', (edge) => edge),
  mapped(aKeyProof, 'jwt with', (proof) => Authorizer.jwt(ACME).withGateProof(proof)),
);

const sessionDraws = { sessionTimeout: perhaps(seconds(60, 8 * 3600)), cookieName: perhaps(text(['AcmeAdmin'], 'cortex_session', 'a b'), 40) };

export const anAdminSession: Draw<AdminSession> = factoriesOf<typeof AdminSession, AdminSession>('AdminSession', {
  cognito: built('cognito', (site) => {
    const users = site.one('admin users', () => new AdminUsers(site.place('Users'), 'Users', { domainName: DOMAIN }));
    const props: CognitoAdminSessionProps = { userPool: users.userPool, userPoolClient: users.userPoolClient, userPoolDomain: users.userPoolDomain, sessionTimeout: Duration.hours(1) };
    return AdminSession.cognito(props);
  }),
  oidc: mapped(propsOf<OidcAdminSessionProps>('OidcAdminSessionProps', {
    ...sessionDraws,
    issuer: text(['https://login.acme.com'], 'http://login.acme.com'),
    authorizationEndpoint: text(['https://login.acme.com/authorize'], 'login.acme.com'),
    tokenEndpoint: text(['https://login.acme.com/token'], 'https://me:pw@login.acme.com/token'),
    userInfoEndpoint: text(['https://login.acme.com/me'], ''),
    clientId: text(['load-balancer'], ' '),
    clientSecret: aSecret('admin-login'),
    clientSecretField: perhaps(text(['secret'])),
  }), 'oidc', (props) => AdminSession.oidc(props)),
});
