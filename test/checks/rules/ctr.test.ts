import { CfnParameter, CfnResource, Fn } from 'aws-cdk-lib';
import { Capability, ContainerImage, FargateTaskDefinition, LinuxParameters } from 'aws-cdk-lib/aws-ecs';
import { DIGEST, FIRST_CONTAINER, PINNED_IMAGE, rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const CONTENT_HASH = DIGEST.replace('sha256:', '');

describeRule('CTR-1.pinned-image', {
  compliant: {
    'an image by digest': (stack) => task(stack),
    'an image by tag and digest': (stack) => task(stack, { image: `public.ecr.aws/nginx/nginx:1.29@${DIGEST}` }),
    'a digest of a repository whose address only a deployment knows': (stack) => task(stack, { image: `${deployTimeValue(stack)}@${DIGEST}` }),
    'what a CDK asset renders to': (stack) => task(stack, {
      image: Fn.sub(`\${AWS::AccountId}.dkr.ecr.\${AWS::Region}.\${AWS::URLSuffix}/cdk-hnb659fds-container-assets-\${AWS::AccountId}-\${AWS::Region}:${CONTENT_HASH}`),
    }),
    'what a CDK asset renders to where the environment is known': (stack) => task(stack, {
      image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/cdk-hnb659fds-container-assets-111122223333-eu-central-1:${CONTENT_HASH}`,
    }),
    'the container construct': (stack) => new FargateTaskDefinition(stack, 'Task').addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE) }),
  },
  violating: {
    'the latest tag': { build: (stack) => task(stack, { image: 'nginx:latest' }), message: /container core runs nginx:latest, which can change/, severity: 'error' },
    'an image without a tag': { build: (stack) => task(stack, { image: 'nginx' }), message: /runs nginx,/ },
    'a version tag': { build: (stack) => task(stack, { image: 'nginx:1.29.1' }), message: /1\.29\.1/ },
    'no image': { build: (stack) => task(stack, { image: '' }), message: /runs no image/ },
    'a digest that is too short': { build: (stack) => task(stack, { image: PINNED_IMAGE.slice(0, -1) }), message: /can change/ },
    'a digest that is too long': { build: (stack) => task(stack, { image: `${PINNED_IMAGE}0` }), message: /can change/ },
    'a tag that looks like a digest': { build: (stack) => task(stack, { image: `nginx:${CONTENT_HASH}` }), message: /can change/ },
    'an asset name in a registry of somebody else': {
      build: (stack) => task(stack, { image: `registry.example/cdk-hnb659fds-container-assets-111122223333-eu-central-1:${CONTENT_HASH}` }),
      message: /can change/,
    },
    'an asset repository with a tag': {
      build: (stack) => task(stack, { image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/cdk-hnb659fds-container-assets-111122223333-eu-central-1:latest' }),
      message: /can change/,
    },
    'a tag in a repository that only a deployment knows': { build: (stack) => task(stack, { image: `${deployTimeValue(stack)}:latest` }), message: /:latest/ },
    'a second container': {
      build: (stack) => task(stack).addPropertyOverride('ContainerDefinitions.1', { Name: 'sidecar', Image: 'envoy:v1' }),
      message: /container sidecar runs envoy:v1/,
    },
  },
  override: {
    build: (stack) => {
      const definition = new FargateTaskDefinition(stack, 'Task');
      definition.addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE) });
      const { defaultChild } = definition.node;
      if (CfnResource.isCfnResource(defaultChild)) defaultChild.addPropertyOverride(`${FIRST_CONTAINER}.Image`, 'nginx:latest');
    },
    message: /nginx:latest/,
  },
  raw: { build: (stack) => rawTask(stack, { Image: 'nginx:latest' }), message: /nginx:latest/ },
  undecidable: {
    'an image that a parameter names': (stack) => task(stack, { image: deployTimeValue(stack) }),
    'a tag that a parameter names': (stack) => task(stack, { image: `nginx:${deployTimeValue(stack)}` }),
    'an image that is read from SSM': (stack) => task(stack, { image: '{{resolve:ssm:/core/image}}' }),
    'an image that another stack exports': (stack) => task(stack, { image: Fn.importValue('CoreImage') }),
    'containers that another stack exports': (stack) => task(stack).addPropertyOverride('ContainerDefinitions', stack.resolve(Fn.importValue('Containers'))),
  },
});

describeRule('CTR-2.non-root', {
  compliant: {
    'a user and a group': (stack) => task(stack),
    'a user by number': (stack) => task(stack, { user: '65532' }),
    'a user by name': (stack) => task(stack, { user: 'node' }),
    'a number that is no text': (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.User`, 1000),
    'the container construct': (stack) => new FargateTaskDefinition(stack, 'Task').addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE), user: '10001' }),
  },
  violating: {
    'a container that names no user': { build: (stack) => task(stack, { user: undefined }), message: /container core names no User/, severity: 'error' },
    'an empty user': { build: (stack) => task(stack, { user: '' }), message: /names no User/ },
    ...Object.fromEntries(['0', '0:0', '00', '0:1000', '+0', '-0', 'root', 'root:root', 'root:1000', ':1000', 'ContainerAdministrator'].map((user) => [
      `"${user}"`, { build: (stack) => task(stack, { user }), message: /container core runs as / },
    ])),
    'a zero that is no text': { build: (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.User`, 0), message: /runs as 0/ },
  },
  override: { build: (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.User`, 'root'), message: /runs as root/ },
  raw: { build: (stack) => rawTask(stack, { Image: PINNED_IMAGE }), message: /names no User/ },
  undecidable: {
    'a user that a parameter names': (stack) => task(stack, { user: deployTimeValue(stack) }),
    'a user that is read from SSM': (stack) => task(stack, { user: '{{resolve:ssm:/core/user}}' }),
    'a user that a parameter names in part': (stack) => task(stack, { user: `${deployTimeValue(stack)}:1000` }),
  },
});

describeRule('CTR-3.limits', {
  compliant: {
    'both limits': (stack) => task(stack),
    'both limits, as text': (stack) => {
      const definition = task(stack);
      definition.addPropertyOverride(`${FIRST_CONTAINER}.Memory`, '512');
      definition.addPropertyOverride(`${FIRST_CONTAINER}.Cpu`, '256');
    },
    'a soft limit below the hard one': (stack) => task(stack, { memoryReservation: 256 }),
    'the container construct': (stack) => new FargateTaskDefinition(stack, 'Task')
      .addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE), cpu: 256, memoryLimitMiB: 512 }),
  },
  violating: {
    'no memory limit': { build: (stack) => task(stack, { memory: undefined }), message: /container core has no Memory limit/, severity: 'warning' },
    'no processor limit': { build: (stack) => task(stack, { cpu: undefined }), message: /has no Cpu limit/ },
    'a soft memory limit alone': { build: (stack) => task(stack, { memory: undefined, memoryReservation: 512 }), message: /has no Memory limit/ },
    'a memory limit of nothing': { build: (stack) => task(stack, { memory: 0 }), message: /has no Memory limit/ },
    'a processor limit of nothing': { build: (stack) => task(stack, { cpu: 0 }), message: /has no Cpu limit/ },
    'a limit that is no number': { build: (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.Memory`, '1 GB'), message: /has no Memory limit/ },
  },
  override: { build: (stack) => task(stack).addPropertyDeletionOverride(`${FIRST_CONTAINER}.Memory`), message: /has no Memory limit/ },
  raw: { build: (stack) => rawTask(stack, { Cpu: 256 }), message: /has no Memory limit/ },
  undecidable: {
    'a memory limit that a parameter gives': (stack) => task(stack, { memory: new CfnParameter(stack, 'Memory', { type: 'Number' }).valueAsNumber }),
    'a processor limit that a parameter gives': (stack) => task(stack, { cpu: new CfnParameter(stack, 'Cpu', { type: 'Number' }).valueAsNumber }),
  },
});

describeRule('CTR-5.namespaces', {
  compliant: {
    'a network interface of its own': (stack) => task(stack),
    'no network at all': (stack) => task(stack, {}, { networkMode: 'none' }),
    'namespaces shared within the task': (stack) => task(stack, {}, { pidMode: 'task', ipcMode: 'task' }),
    'no shared memory': (stack) => task(stack, {}, { ipcMode: 'none' }),
    'the task definition construct': (stack) => new FargateTaskDefinition(stack, 'Task').addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE) }),
  },
  violating: {
    'the host\'s network': { build: (stack) => task(stack, {}, { networkMode: 'host' }), message: /network mode is host, so the task shares the host's network$/, severity: 'error' },
    'the bridge': {
      build: (stack) => task(stack, {}, { networkMode: 'bridge' }),
      message: /network mode is bridge, so its containers share the host's bridge, and the host's address and security groups, instead of having their own$/,
    },
    'no network mode': { build: (stack) => task(stack, {}, { networkMode: undefined }), message: /network mode is not set \(bridge\), so its containers share the host's bridge/ },
    'the host\'s processes': { build: (stack) => task(stack, {}, { pidMode: 'host' }), message: /PidMode host lets/ },
    'the host\'s shared memory': { build: (stack) => task(stack, {}, { ipcMode: 'host' }), message: /IpcMode host lets/ },
  },
  override: {
    build: (stack) => {
      const { defaultChild } = new FargateTaskDefinition(stack, 'Task').node;
      if (CfnResource.isCfnResource(defaultChild)) defaultChild.addPropertyOverride('PidMode', 'host');
    },
    message: /PidMode host/,
  },
  raw: { build: (stack) => rawTask(stack, {}, { NetworkMode: 'awsvpc', IpcMode: 'host' }), message: /IpcMode host/ },
  undecidable: {
    'a network mode that a parameter names': (stack) => task(stack, {}, { networkMode: deployTimeValue(stack) }),
    'a process namespace that a parameter names': (stack) => task(stack, {}, { pidMode: deployTimeValue(stack) }),
    'shared memory that a parameter names': (stack) => task(stack, {}, { ipcMode: deployTimeValue(stack) }),
  },
});

const drop = (...names: string[]): { linuxParameters: { capabilities: { drop: string[] } } } => ({ linuxParameters: { capabilities: { drop: names } } });

describeRule('CTR-5.capabilities', {
  compliant: {
    'all dropped': (stack) => task(stack),
    'all dropped, and one of them by name': (stack) => task(stack, drop('NET_RAW', 'ALL')),
    'a container that says that it is not privileged': (stack) => task(stack, { privileged: false }),
    'no new privileges': (stack) => task(stack, { dockerSecurityOptions: ['no-new-privileges'] }),
    'the Linux parameters construct': (stack) => {
      const linuxParameters = new LinuxParameters(stack, 'Linux');
      linuxParameters.dropCapabilities(Capability.ALL);
      new FargateTaskDefinition(stack, 'Task').addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE), linuxParameters });
    },
  },
  violating: {
    'the default capabilities': { build: (stack) => task(stack, { linuxParameters: undefined }), message: /container core keeps the default capabilities/, severity: 'error' },
    'one capability dropped': { build: (stack) => task(stack, drop('NET_RAW')), message: /keeps the default capabilities/ },
    'an empty list of what is dropped': { build: (stack) => task(stack, drop()), message: /keeps the default capabilities/ },
    'a capability added back': {
      build: (stack) => task(stack, { linuxParameters: { capabilities: { drop: ['ALL'], add: ['SYS_ADMIN', 'NET_ADMIN'] } } }),
      message: /adds SYS_ADMIN, NET_ADMIN/,
    },
    'a privileged container': { build: (stack) => task(stack, { privileged: true }), message: /is privileged/ },
    'a container that text makes privileged': { build: (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.Privileged`, 'True'), message: /is privileged/ },
    ...Object.fromEntries(['seccomp:unconfined', 'seccomp=unconfined', 'apparmor:unconfined', 'label:disable', 'label=disable', 'label:type:spc_t'].map((option) => [
      option, { build: (stack) => task(stack, { dockerSecurityOptions: [option] }), message: /turns a kernel confinement off/ },
    ])),
  },
  override: { build: (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.Privileged`, true), message: /is privileged/ },
  raw: { build: (stack) => rawTask(stack, { Privileged: 'true' }), message: /is privileged/ },
  undecidable: {
    'a privilege that a parameter gives': (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.Privileged`, stack.resolve(deployTimeValue(stack))),
    'a privilege that is neither true nor false': (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.Privileged`, 'yes'),
    'a dropped capability that a parameter names': (stack) => task(stack, drop(deployTimeValue(stack))),
    'added capabilities that a parameter lists': (stack) => {
      const add = new CfnParameter(stack, 'Add', { type: 'CommaDelimitedList' }).valueAsList;
      task(stack, { linuxParameters: { capabilities: { drop: ['ALL'], add } } });
    },
    'a security option that a parameter names': (stack) => task(stack, { dockerSecurityOptions: [deployTimeValue(stack)] }),
    'an operating system that a parameter names': (stack) => task(stack, {}, { runtimePlatform: { operatingSystemFamily: deployTimeValue(stack) } }),
  },
  notApplicable: {
    'a Windows task': (stack) => task(stack, { linuxParameters: undefined }, { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
  },
});
