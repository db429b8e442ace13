import { type Claim, type Claims, ENVIRONMENTS, inContainers, LISTENER, TASK } from './claim';

/** Everything that answers browsers of other origins. */
const ORIGINS: readonly Claim[] = [
  ...ENVIRONMENTS,
  { type: LISTENER, properties: ['ListenerAttributes'] },
  { type: 'AWS::ApiGatewayV2::Api', properties: ['CorsConfiguration'] },
  { type: 'AWS::Lambda::Url', properties: ['Cors'] },
  { type: 'AWS::Serverless::Function', properties: ['FunctionUrlConfig'] },
];

/** What the load balancer answers with by itself. */
const HEADERS: readonly Claim[] = [{ type: LISTENER, properties: ['ListenerAttributes'] }];

/** What answers say, and what of requests is written down. */
export const HDR_CLAIMS: Claims = {
  'HDR-1': ORIGINS,
  'HDR-2': ORIGINS,
  'HDR-3': HEADERS,
  'HDR-4': HEADERS,
  'HDR-5': HEADERS,
  'HDR-6': ORIGINS,
  'HDR-7': [{ type: TASK, properties: inContainers('Environment', 'Command', 'EntryPoint') }, ...ENVIRONMENTS],
  'RED-1': [
    { type: TASK, properties: inContainers('LogConfiguration', 'Environment') },
    { type: 'AWS::Logs::LogGroup', properties: ['DataProtectionPolicy'] },
  ],
  'RED-2': [{ type: TASK, properties: inContainers('Environment', 'Secrets', 'Command', 'EntryPoint') }],
  'RED-3': HEADERS,
  'RED-4': [
    { type: 'AWS::CloudFormation::Output', properties: ['Value'] },
    { type: 'AWS::SSM::Parameter', properties: ['Value'] },
  ],
  'RED-5': [
    { type: 'AWS::WAFv2::LoggingConfiguration', properties: ['ResourceArn', 'RedactedFields'] },
    { type: 'AWS::WAFv2::WebACL', properties: ['VisibilityConfig', 'Rules', 'DataProtectionConfig'] },
  ],
};
