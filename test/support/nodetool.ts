import { type Stack } from 'aws-cdk-lib';
import { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  Authorizer, HttpsOrigin, type IProviderKey, LlmProvider, LogLevel, MasterKey, NodeToolAuth, type NodeToolProfileProps, type NodeToolStaticProps, type NodeToolSupabaseProps, PrivateNetwork, Profile,
  ProviderKey, RotatingSecret, SecretKind, SecureMemcached,
} from '../../src';
import type { MakeProfile } from './profiled-core';
import { JWT } from './remote-core';

export const PROJECT = 'https://abcdefgh.supabase.co';

export const secretOf = (stack: Stack, name: string): ContainerSecret => ContainerSecret.fromSecretsManager(Secret.fromSecretNameV2(stack, name, `production/${name}`));

export function supabase(stack: Stack, overrides: Partial<NodeToolSupabaseProps> = {}): NodeToolAuth {
  return NodeToolAuth.supabase({ url: PROJECT, serviceKey: secretOf(stack, 'supabase'), ...overrides });
}

/** One a stack. */
export function networkIn(stack: Stack): PrivateNetwork {
  const made = stack.node.tryFindChild('Network');
  return made instanceof PrivateNetwork ? made : new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
}

export function staticToken(stack: Stack, overrides: Partial<NodeToolStaticProps> = {}): NodeToolAuth {
  return NodeToolAuth.staticToken({
    edge: Authorizer.jwt(JWT),
    variable: 'NODETOOL_API_TOKEN',
    token: new RotatingSecret(stack, 'Token', { network: networkIn(stack), kind: SecretKind.randomValue(), environment: 'production' }),
    reason: 'Only batch jobs of one team call it.',
    ...overrides,
  });
}

/** What a test lays over the least that there is. */
export type Overrides = (stack: Stack) => Partial<NodeToolProfileProps>;

export const nodetool = (overrides: Overrides = () => ({})): MakeProfile => (stack) => {
  const over = overrides(stack);
  return Profile.nodetool({
    auth: over.auth ?? supabase(stack),
    masterKey: new MasterKey(stack, 'MasterKey', { environment: 'production', backupAttestation: 'A sealed copy lies in the safe of the bank.' }),
    restorers: [Role.fromRoleArn(stack, 'Restorer', 'arn:aws:iam::111122223333:role/break-glass')],
    ...over,
  });
};

export const keyOf = (stack: Stack, provider: LlmProvider): IProviderKey => ProviderKey.fromSecretName(stack, provider, { provider, environment: 'production' });

export const CLIENT_ID = 'Iv1.8a61f9b3a7aba766';

/** Everything that can be declared. */
export const whole: Overrides = (stack) => ({
  providerKeys: Object.values(LlmProvider).map((provider) => keyOf(stack, provider)),
  memcached: new SecureMemcached(stack, 'Memcached', { network: networkIn(stack) }),
  github: { clientId: CLIENT_ID, clientSecret: secretOf(stack, 'github') },
  corsOrigins: [HttpsOrigin.of('https://app.acme.com')],
  logLevel: LogLevel.WARNING,
});
