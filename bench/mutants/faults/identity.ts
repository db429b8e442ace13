import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import { become, each, type Fault, items, plus } from './fault';

const CLIENT = 'AWS::Cognito::UserPoolClient';
const POOL = 'AWS::Cognito::UserPool';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const CERTIFICATE = 'AWS::CertificateManager::Certificate';

const logsIn = ({ CallbackURLs }: JsonMap): boolean => CallbackURLs !== undefined;
/** People log in at the pool that mails them. */
const isOfPeople = ({ AutoVerifiedAttributes }: JsonMap): boolean => AutoVerifiedAttributes !== undefined;
const isLogin = (action: Json): boolean => isJsonMap(action) && (action.Type === 'authenticate-cognito' || action.Type === 'authenticate-oidc');
const hasLogin = ({ Actions }: JsonMap): boolean => items(Actions).some(isLogin);
const verifies = ({ MutualAuthentication }: JsonMap): boolean => isJsonMap(MutualAuthentication) && MutualAuthentication.Mode === 'verify';
const isExposed = (exposure: string) => ({ Tags }: JsonMap): boolean => JSON.stringify(Tags ?? null).includes(`"cdk-secure-core:exposure","Value":"${exposure}"`);

const TOKENS: readonly Fault[] = [
  ...each([[1, 'days'], [2, 'hours'], [61, 'minutes']] as const, ([validity, unit]) => ({
    name: `access tokens for ${validity} ${unit}`, control: 'IDN-4', type: CLIENT, path: [],
    change: (old) => ({ ...(isJsonMap(old) ? old : {}), AccessTokenValidity: validity, TokenValidityUnits: { AccessToken: unit } }),
  })),
  { name: 'no revocation', control: 'IDN-4', type: CLIENT, path: ['EnableTokenRevocation'], change: become(false) },
  { name: 'implicit flow', control: 'IDN-13', type: CLIENT, when: logsIn, path: ['AllowedOAuthFlows'], change: plus('implicit') },
  ...each(['http://core.acme.com/oauth2/idpresponse', 'https://*.acme.com/oauth2/idpresponse', 'https://localhost/oauth2/idpresponse', 'https://core.acme.com@evil.example.org/'], (url) => ({
    name: `callback ${url.replaceAll('/', ' ')}`, control: 'IDN-13', type: CLIENT, when: logsIn, path: ['CallbackURLs'], change: plus(url),
  })),
];

const LOGIN: readonly Fault[] = [
  { name: 'anybody signs up', control: 'IDN-10', type: POOL, when: isOfPeople, path: ['AdminCreateUserConfig'], change: become({ AllowAdminCreateUserOnly: false }) },
  ...each(['OFF', 'OPTIONAL'], (mode) => ({ name: `second factor ${mode}`, control: 'IDN-10', type: POOL, when: isOfPeople, path: ['MfaConfiguration'], change: become(mode) })),
  { name: 'short passwords', control: 'IDN-10', type: POOL, when: isOfPeople, path: ['Policies', 'PasswordPolicy', 'MinimumLength'], change: become(8) },
  { name: 'strangers pass the login', control: 'IDN-10', type: RULE, when: hasLogin, path: ['Actions', 0, 'AuthenticateCognitoConfig', 'OnUnauthenticatedRequest'], change: become('allow') },
  { name: 'no login', control: 'IDN-10', type: RULE, when: hasLogin, path: ['Actions'], change: (old) => items(old).filter((action) => !isLogin(action)) },
];

const CERTIFICATES: readonly Fault[] = [
  { name: 'renewed by mail', control: 'TLS-3', type: CERTIFICATE, path: ['ValidationMethod'], change: become('EMAIL') },
  { name: 'key to take away', control: 'TLS-3', type: CERTIFICATE, path: ['CertificateExport'], change: become('ENABLED') },
  { name: 'expired client certificates', control: 'IDN-6', type: LISTENER, when: verifies, path: ['MutualAuthentication', 'IgnoreClientCertificateExpiry'], change: become(true) },
  { name: 'withdrawn client certificates', control: 'IDN-6', type: 'AWS::ElasticLoadBalancingV2::TrustStoreRevocation', path: ['RevocationContents'], change: become([]) },
  {
    name: 'services without TLS', control: 'TLS-6', type: 'AWS::ECS::Service', when: ({ ServiceConnectConfiguration }) => ServiceConnectConfiguration !== undefined,
    path: ['ServiceConnectConfiguration', 'Services'], change: become([{ PortName: 'core' }]),
  },
];

const FORWARD = { Type: 'forward', TargetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/core/0123456789abcdef' };
const listener = (logicalId: string): JsonMap => ({
  Type: LISTENER,
  Properties: {
    LoadBalancerArn: { Ref: logicalId }, Port: 8443, Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
    Certificates: [{ CertificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/core' }], DefaultActions: [FORWARD],
  },
});

const EXPOSURE: readonly Fault[] = [
  { name: 'forwards while exposure is off', control: 'INC-1', type: BALANCER, when: isExposed('off'), beside: listener },
  {
    name: 'lets in while exposure is off', control: 'INC-1', type: 'AWS::EC2::SecurityGroup', when: ({ GroupDescription }) => GroupDescription === 'EdgeGroup of ShutGroup',
    path: ['SecurityGroupIngress'], change: become([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.20.0.0/16' }]),
  },
  { name: 'forwards for anybody while exposure is on', control: 'INC-2', type: BALANCER, when: isExposed('on'), beside: listener },
];

export const IDENTITY_FAULTS = [...TOKENS, ...LOGIN, ...CERTIFICATES, ...EXPOSURE];
