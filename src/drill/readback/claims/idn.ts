import { type Claims, CLASSIC, ENVIRONMENTS, inContainers, LISTENER, LISTENER_RULE, SERVICE, TARGET_GROUP, TASK } from './claim';
import { NONCE_CLAIMS } from './wcc';

const CLIENT = 'AWS::Cognito::UserPoolClient';

/** Who callers are, and what they may do. */
export const IDN_CLAIMS: Claims = {
  'IDN-1': [
    { type: LISTENER, properties: ['Protocol', 'DefaultActions', 'MutualAuthentication', 'Rules'] },
    CLASSIC,
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Priority', 'Conditions', 'Actions'] },
    { type: 'AWS::ElasticLoadBalancingV2::TrustStore', properties: ['CaCertificatesBundleS3Bucket', 'CaCertificatesBundleS3Key'] },
    { type: TARGET_GROUP, properties: ['Protocol', 'TargetType', 'Targets'] },
    { type: SERVICE, properties: ['LoadBalancers', 'TaskDefinition'] },
    { type: TASK, properties: inContainers('Name', 'Environment') },
    { type: 'AWS::Lambda::Function', properties: ['Environment'] },
  ],
  'IDN-2': [
    { type: LISTENER, properties: ['DefaultActions'] },
    { type: LISTENER_RULE, properties: ['Actions'] },
    { type: TASK, properties: inContainers('Environment', 'Secrets') },
  ],
  'IDN-3': [
    { type: LISTENER, properties: ['DefaultActions'] },
    { type: LISTENER_RULE, properties: ['Actions'] },
    { type: TASK, properties: inContainers('Environment') },
  ],
  'IDN-4': [{ type: CLIENT, properties: ['AccessTokenValidity', 'TokenValidityUnits', 'EnableTokenRevocation'] }],
  'IDN-5': ENVIRONMENTS,
  'IDN-6': [
    { type: LISTENER, properties: ['MutualAuthentication'] },
    { type: 'AWS::ElasticLoadBalancingV2::TrustStoreRevocation', properties: ['TrustStoreArn', 'RevocationContents'] },
  ],
  'IDN-7': [
    { type: TASK, properties: inContainers('Environment', 'Secrets') },
    { type: SERVICE, properties: ['LoadBalancers', 'TaskDefinition'] },
    { type: LISTENER, properties: ['MutualAuthentication', 'ListenerAttributes', 'Rules'] },
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Priority', 'Conditions', 'Actions'] },
  ],
  'IDN-8': [
    ...ENVIRONMENTS,
    ...['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy'].map((type) => ({ type, properties: ['PolicyDocument'] })),
    ...['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'].map((type) => ({ type, properties: ['Policies'] })),
    { type: 'AWS::DynamoDB::Table', properties: ['ResourcePolicy'] },
  ],
  'IDN-9': ENVIRONMENTS,
  'IDN-10': [
    { type: LISTENER, properties: ['DefaultActions', 'Rules'] },
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Priority', 'Conditions', 'Actions'] },
    { type: 'AWS::Cognito::UserPool', properties: ['AdminCreateUserConfig', 'MfaConfiguration', 'Policies'] },
  ],
  'IDN-11': ENVIRONMENTS,
  'IDN-12': NONCE_CLAIMS,
  'IDN-13': [{ type: CLIENT, properties: ['CallbackURLs', 'DefaultRedirectURI', 'LogoutURLs', 'AllowedOAuthFlows', 'AllowedOAuthFlowsUserPoolClient'] }],
  'AZN-1': [{ type: TASK, properties: inContainers('Environment') }],
  'AZN-2': ENVIRONMENTS,
  'AZN-3': ENVIRONMENTS,
  'AZN-4': [...ENVIRONMENTS, { type: CLIENT, properties: ['AllowedOAuthScopes'] }],
  'AZN-5': ENVIRONMENTS,
  'AZN-6': [{ type: CLIENT, properties: ['AllowedOAuthScopes'] }, { type: 'AWS::Cognito::UserPoolResourceServer', properties: ['Identifier', 'Scopes'] }],
};
