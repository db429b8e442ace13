import { CfnResource, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { CfnRegistryScanningConfiguration, CfnRepository, Repository, TagMutability } from 'aws-cdk-lib/aws-ecr';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type Props = ConstructorParameters<typeof CfnRepository>[2];

const REPOSITORY = 'AWS::ECR::Repository';
const SCANNED: Props = { imageScanningConfiguration: { scanOnPush: true }, imageTagMutability: 'IMMUTABLE' };

const repository = (stack: Stack, props: Props = SCANNED): CfnRepository => new CfnRepository(stack, 'Repository', props);
const registry = (stack: Stack, scanFrequency: string, filter: string): CfnRegistryScanningConfiguration =>
  new CfnRegistryScanningConfiguration(stack, 'Registry', { scanType: 'ENHANCED', rules: [{ scanFrequency, repositoryFilters: [{ filter, filterType: 'WILDCARD' }] }] });

describeRule('SUP-1.scan-on-push', {
  compliant: {
    'a repository that scans': (stack) => repository(stack),
    'the construct': (stack) => new Repository(stack, 'Repository', { imageScanOnPush: true, imageTagMutability: TagMutability.IMMUTABLE, removalPolicy: RemovalPolicy.RETAIN }),
    'a registry that scans everything': (stack) => {
      repository(stack, {});
      registry(stack, 'CONTINUOUS_SCAN', '*');
    },
    'a registry that scans names with a word in them': (stack) => {
      repository(stack, { repositoryName: 'acme/core' });
      registry(stack, 'SCAN_ON_PUSH', 'core');
    },
    'a registry that scans names of a pattern': (stack) => {
      repository(stack, { repositoryName: 'acme/core' });
      registry(stack, 'SCAN_ON_PUSH', 'acme/*');
    },
  },
  violating: {
    'a repository that says nothing': { build: (stack) => repository(stack, {}), message: /is not true, so nobody learns/, severity: 'error' },
    'one that does not scan': { build: (stack) => repository(stack, { imageScanningConfiguration: { scanOnPush: false } }), message: /is not true/ },
    'a registry that scans others, whatever the repository says': {
      build: (stack) => {
        repository(stack, { ...SCANNED, repositoryName: 'core' });
        registry(stack, 'SCAN_ON_PUSH', 'prod/*');
      },
      message: /is what no rule of Registry takes/,
    },
    'a registry that waits to be told': {
      build: (stack) => {
        repository(stack, SCANNED);
        registry(stack, 'MANUAL', '*');
      },
      message: /is what no rule of Registry takes/,
    },
  },
  override: { build: (stack) => repository(stack).addPropertyOverride('ImageScanningConfiguration.ScanOnPush', false), message: /is not true/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: REPOSITORY }), message: /is not true/ },
  undecidable: {
    'a word known at deployment': (stack) => repository(stack).addPropertyOverride('ImageScanningConfiguration.ScanOnPush', stack.resolve(deployTimeValue(stack))),
    'a name known at deployment': (stack) => {
      repository(stack);
      registry(stack, 'SCAN_ON_PUSH', 'prod/*');
    },
  },
});

describeRule('SUP-1.immutable-tags', {
  compliant: {
    'tags that stay': (stack) => repository(stack),
    'tags that stay but for some': (stack) => repository(stack, {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', imageTagMutabilityExclusionFilters: [{ imageTagMutabilityExclusionFilterType: 'WILDCARD', imageTagMutabilityExclusionFilterValue: 'cache-*' }],
    }),
  },
  violating: {
    'a repository that says nothing': { build: (stack) => repository(stack, {}), message: /is not IMMUTABLE, so what was scanned/, severity: 'error' },
    'tags that move': { build: (stack) => repository(stack, { imageTagMutability: 'MUTABLE' }), message: /is not IMMUTABLE/ },
    'tags of which all may move': {
      build: (stack) => repository(stack, {
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', imageTagMutabilityExclusionFilters: [{ imageTagMutabilityExclusionFilterType: 'WILDCARD', imageTagMutabilityExclusionFilterValue: '*' }],
      }),
      message: /leaves every tag out/,
    },
  },
  override: { build: (stack) => repository(stack).addPropertyOverride('ImageTagMutability', 'MUTABLE'), message: /is not IMMUTABLE/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: REPOSITORY }), message: /is not IMMUTABLE/ },
  undecidable: (stack) => repository(stack, { imageTagMutability: deployTimeValue(stack) }),
});
