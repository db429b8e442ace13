import { CfnDeletionPolicy, type CfnResource, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { MASTER_KEY_METADATA } from '../../../src/secrets/contract';
import { rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { rotation, secret, written } from '../../support/written';

const MARK = { [MASTER_KEY_METADATA]: true };
const ATTESTED = 'cdk-secure-core:backup-attestation';
const REGIONS = { ReplicaRegions: [{ Region: 'eu-west-1' }] };

function master(stack: Stack, properties: Readonly<Record<string, unknown>> = REGIONS, metadata: Readonly<Record<string, unknown>> = MARK): CfnResource {
  const key = secret(stack, properties, metadata);
  key.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return key;
}

const notApplicable = { 'another secret': (stack: Stack) => secret(stack) };

describeRule('SEC-5.kept', {
  compliant: {
    'a key that stays': (stack) => master(stack),
    'a key that stays once it is made': (stack) => { master(stack).cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE; },
    'a key by its name': (stack) => master(stack, { ...REGIONS, Name: 'production/nodetool-master-key' }, {}),
  },
  violating: {
    'nothing said': { build: (stack) => secret(stack, REGIONS, MARK), message: /^is not set: without the key everything/, severity: 'error' },
    'a key that goes': { build: (stack) => new Secret(stack, 'Secret', { secretName: 'core/master-key', removalPolicy: RemovalPolicy.DESTROY }), message: /^is Delete/ },
    'a key that a container takes': { build: (stack) => task(stack, { secrets: [{ name: 'SECRETS_MASTER_KEY', valueFrom: secret(stack).ref }] }), message: /^is not set/ },
    'a key whose name a container is told': { build: (stack) => task(stack, { environment: [{ name: 'AWS_SECRETS_MASTER_KEY_NAME', value: secret(stack, { Name: 'core/fernet' }).ref }] }), message: /^is not set/ },
  },
  override: { build: (stack) => { master(stack).addOverride('UpdateReplacePolicy', 'Delete'); }, message: /^is Delete/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::SecretsManager::Secret', { Name: 'master_key' }), message: /^is not set/ },
  undecidable: (stack) => { master(stack).addOverride('DeletionPolicy', { Ref: (stack.node.tryFindChild('P') ?? written(stack, 'P', 'AWS::SNS::Topic')).node.id }); },
  notApplicable,
});

describeRule('SEC-5.replicated', {
  compliant: {
    'another region': (stack) => master(stack),
    'a copy elsewhere': (stack) => master(stack, {}, { ...MARK, [ATTESTED]: 'In the vault of the head office.' }),
  },
  violating: {
    'one region': { build: (stack) => master(stack, {}), message: /^names no other region/, severity: 'error' },
    'an empty list': { build: (stack) => master(stack, { ReplicaRegions: [] }), message: /^names no other region/ },
    'an empty word': { build: (stack) => master(stack, {}, { ...MARK, [ATTESTED]: '' }), message: /does not say where/ },
  },
  override: { build: (stack) => master(stack).addPropertyDeletionOverride('ReplicaRegions'), message: /^names no other region/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::SecretsManager::Secret', { Name: 'master-key' }), message: /^names no other region/ },
  undecidable: (stack) => master(stack, { ReplicaRegions: deployTimeValue(stack) }),
  notApplicable,
});

describeRule('SEC-5.not-rotated', {
  compliant: { 'a key that stays the same': (stack) => master(stack) },
  violating: { 'a schedule': { build: (stack) => rotation(stack, master(stack).ref), message: /^is replaced by Rotation: what the old key encrypted/, severity: 'error' } },
  override: { build: (stack) => { master(stack); rotation(stack, secret(stack, {}, {}, 'Other').ref).addPropertyOverride('SecretId', { Ref: 'Key' }); }, message: /^is replaced by Rotation/ },
  raw: { build: (stack) => { written(stack, 'Raw', 'AWS::SecretsManager::Secret', { Name: 'master-key' }); rotation(stack, 'master-key'); }, message: /^is replaced by Rotation/ },
  undecidable: (stack) => { master(stack); rotation(stack, deployTimeValue(stack)); },
  notApplicable,
});

const byValue = (valueFrom: string) => ({ name: 'SECRETS_MASTER_KEY', valueFrom });
const byName = (value: string) => ({ name: 'AWS_SECRETS_MASTER_KEY_NAME', value });

describeRule('SEC-5.one-source', {
  compliant: {
    'one value': (stack) => task(stack, { secrets: [byValue(master(stack).ref)] }),
    'one key under both names in two tasks': (stack) => {
      const key = master(stack);
      task(stack, { secrets: [byValue(key.ref)] });
      rawTask(stack, { Environment: [{ Name: 'AWS_SECRETS_MASTER_KEY_NAME', Value: key.ref }] });
    },
  },
  violating: {
    'both names in one container': { build: (stack) => task(stack, { secrets: [byValue(master(stack).ref)], environment: [byName('core')] }), message: /^container core has AWS_SECRETS_MASTER_KEY_NAME and SECRETS_MASTER_KEY/, severity: 'error' },
    'two keys': {
      build: (stack) => { task(stack, { secrets: [byValue(master(stack).ref)] }); rawTask(stack, { Secrets: [{ Name: 'SECRETS_MASTER_KEY', ValueFrom: secret(stack, {}, {}, 'Other').ref }] }); },
      message: /^container core has another master key than another container/,
    },
  },
  override: { build: (stack) => task(stack, { secrets: [byValue(master(stack).ref)] }).addPropertyOverride('ContainerDefinitions.0.Environment', [{ Name: 'AWS_SECRETS_MASTER_KEY_NAME', Value: 'x' }]), message: /which of them encrypts/ },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'SECRETS_MASTER_KEY', Value: 'x' }], Secrets: [{ Name: 'SECRETS_MASTER_KEY', ValueFrom: 'y' }] }), message: /which of them encrypts/ },
  undecidable: (stack) => {
    task(stack, { secrets: [byValue(master(stack).ref)] });
    rawTask(stack, { Secrets: [{ Name: 'SECRETS_MASTER_KEY', ValueFrom: deployTimeValue(stack) }] });
  },
  notApplicable: { 'a container without one': (stack) => task(stack) },
});
