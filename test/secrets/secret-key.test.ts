import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { MasterKey, PrivateNetwork, ProviderKey, RotatingSecret, SecretKey, SecretKind } from '../../src';
import { ENV } from '../support/network-stack';
import { remoteCore } from '../support/remote-core';

const DEPLOYER = 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-central-1';

interface Statement { readonly Action: string[]; readonly Principal: { readonly AWS: unknown } }

/** Whom the policy of the one SecretKey lets decrypt. */
function users(stack: Stack): unknown[] {
  const keys = Object.entries(Template.fromStack(stack).findResources('AWS::KMS::Key')).filter(([id]) => id.startsWith('Keys'));
  expect(keys).toHaveLength(1);
  const { Statement: statements } = (keys[0]?.[1].Properties as { KeyPolicy: { Statement: Statement[] } }).KeyPolicy;
  return statements.filter(({ Action }) => Action.includes('kms:Decrypt')).map(({ Principal }) => Principal.AWS);
}

const roleOf = (pattern: RegExp): unknown => ({ 'Fn::GetAtt': [expect.stringMatching(pattern), 'Arn'] });

function coreWith(principals?: string[]): Stack {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  const { key: encryptionKey } = new SecretKey(stack, 'Keys', { principals });
  const ring = new RotatingSecret(stack, 'Ring', { network, kind: SecretKind.randomValue(), encryptionKey });
  const master = new MasterKey(stack, 'Master', { encryptionKey, backupAttestation: 'A sealed copy lies in the safe of the bank.' });
  const provider = new ProviderKey(stack, 'Provider', { variable: 'STRIPE_API_KEY', environment: 'production', encryptionKey });
  remoteCore(stack, { network, container: { secrets: { INTERNAL_KEY: ring.current, SECRETS_MASTER_KEY: master.container(), STRIPE_API_KEY: provider.container() } } });
  return stack;
}

describe('A SecretKey that names its users', () => {
  test('names, once each, what makes and renews its secrets and who fills the tasks of a Core with them', () => {
    expect(users(coreWith([DEPLOYER]))).toEqual([
      DEPLOYER, roleOf(/^RingRotationHandlerRole/), roleOf(/^MasterMakerRole/), roleOf(/^CoreServiceTaskExecutionRole/),
    ]);
  });

  test('names nobody by itself where the account\'s policies decide', () => {
    expect(users(coreWith())).toEqual([{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] }]);
  });

  test('cannot name a role of another stack, and says so', () => {
    const app = new App();
    const stack = new Stack(app, 'Keys', { env: ENV });
    const provider = new ProviderKey(stack, 'Provider', { variable: 'STRIPE_API_KEY', environment: 'production', encryptionKey: new SecretKey(stack, 'Key', { principals: [DEPLOYER] }).key });
    const other = new Stack(app, 'Test', { env: ENV });
    remoteCore(other, { container: { secrets: { STRIPE_API_KEY: provider.container() } } });
    Annotations.fromStack(stack).hasWarning('/Keys/Key',
      Match.stringLikeRegexp('^Test/Core/Service/Task/ExecutionRole of another stack uses a secret of this key, whose policy does not name it: make the key in the stack of'));
  });

  test.each<[string, (stack: Stack) => Role]>([
    ['by its ARN', (stack) => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/reader') as Role],
    ['by its name', (stack) => new Role(stack, 'Role', { roleName: 'reader', assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') })],
  ])('has nothing to say of a role of another stack that is listed %s', (_, role) => {
    const app = new App();
    const stack = new Stack(app, 'Keys', { env: ENV });
    const key = new SecretKey(stack, 'Key', { principals: [DEPLOYER, 'arn:aws:iam::111122223333:role/reader'] });
    const provider = new ProviderKey(stack, 'Provider', { variable: 'STRIPE_API_KEY', environment: 'production', encryptionKey: key.key });
    provider.container().grantRead(role(new Stack(app, 'Test', { env: ENV })));
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('lets a Core\'s execution role be named by hand as well', () => {
    const stack = new Stack(new App(), 'Test', { env: ENV });
    const key = new SecretKey(stack, 'Keys', { principals: [DEPLOYER] });
    const { core } = remoteCore(stack);
    expect(core.executionRole.node.defaultChild).toBeInstanceOf(CfnRole);
    key.grantUse(core.executionRole);
    key.grantUse(core.executionRole);
    expect(users(stack)).toEqual([DEPLOYER, roleOf(/^CoreServiceTaskExecutionRole/)]);
  });
});
