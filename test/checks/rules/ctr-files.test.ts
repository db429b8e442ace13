import { CfnResource, Fn } from 'aws-cdk-lib';
import { ContainerImage, Ec2TaskDefinition, FargateTaskDefinition, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { FIRST_CONTAINER, PINNED_IMAGE, rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

/** A volume that Docker's local driver mounts from a device. */
const driverVolume = (device: string, type: string): object => ({ driver: 'local', driverOpts: { device, type, o: 'bind' } });

describeRule('CTR-4.host-volume', {
  compliant: {
    'no volume': (stack) => task(stack),
    'a volume of the task itself': (stack) => task(stack, {}, { volumes: [{ name: 'scratch' }] }),
    'a volume that Docker places': (stack) => task(stack, {}, { volumes: [{ name: 'scratch', host: {} }] }),
    'EFS': (stack) => task(stack, {}, { volumes: [{ name: 'models', efsVolumeConfiguration: { filesystemId: 'fs-1', transitEncryption: 'ENABLED' } }] }),
    'a network share through the volume driver': (stack) => task(stack, {}, { volumes: [{ name: 'models', dockerVolumeConfiguration: driverVolume(':/models', 'nfs') }] }),
    'the task definition construct': (stack) => new FargateTaskDefinition(stack, 'Task', { volumes: [{ name: 'scratch' }] })
      .addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE) }),
  },
  violating: {
    ...Object.fromEntries(['/var/run/docker.sock', '/run/containerd/containerd.sock', '/run/podman/podman.sock', '/var/run/crio/crio.sock'].map((sourcePath) => [
      sourcePath, { build: (stack) => task(stack, {}, { volumes: [{ name: 'socket', host: { sourcePath } }] }), message: /volume socket hands the container runtime's socket .* to the task/ },
    ])),
    'a folder of the host': {
      build: (stack) => task(stack, {}, { volumes: [{ name: 'logs', host: { sourcePath: '/var/log' } }] }),
      message: /volume logs mounts the host's \/var\/log/, severity: 'error',
    },
    'the folder that holds the sockets': { build: (stack) => task(stack, {}, { volumes: [{ name: 'run', host: { sourcePath: '/var/run' } }] }), message: /\/var\/run/ },
    'a folder that a parameter names': { build: (stack) => task(stack, {}, { volumes: [{ name: 'any', host: { sourcePath: deployTimeValue(stack) } }] }), message: /volume any mounts/ },
    'a second volume': { build: (stack) => task(stack, {}, { volumes: [{ name: 'scratch' }, { name: 'root', host: { sourcePath: '/' } }] }), message: /volume root mounts the host's \// },
    'a folder of the host through the volume driver': {
      build: (stack) => task(stack, {}, { volumes: [{ name: 'root', dockerVolumeConfiguration: driverVolume('/', 'none') }] }),
      message: /volume root mounts the host's \/ through the volume driver/,
    },
    'a device of the host': {
      build: (stack) => task(stack, { linuxParameters: { devices: [{ hostPath: '/dev/nvme0n1' }] } }),
      message: /container core gets the host's device \/dev\/nvme0n1/,
    },
  },
  override: {
    build: (stack) => {
      const definition = new Ec2TaskDefinition(stack, 'Task', { networkMode: NetworkMode.AWS_VPC, volumes: [{ name: 'socket' }] }).node.defaultChild;
      if (CfnResource.isCfnResource(definition)) definition.addPropertyOverride('Volumes.0.Host.SourcePath', '/var/run/docker.sock');
    },
    message: /docker\.sock/,
  },
  raw: { build: (stack) => rawTask(stack, {}, { Volumes: [{ Name: 'socket', Host: { SourcePath: '/var/run/docker.sock' } }] }), message: /docker\.sock/ },
  undecidable: {
    'volumes that another stack exports': (stack) => task(stack).addPropertyOverride('Volumes', stack.resolve(Fn.importValue('Volumes'))),
    'a volume whose host a macro fills in': (stack) => task(stack).addPropertyOverride('Volumes', [{ Name: 'data', Host: { 'Fn::Transform': { Name: 'HostOf' } } }]),
    'a device that a parameter names for the volume driver': (stack) => task(stack, {}, { volumes: [{ name: 'data', dockerVolumeConfiguration: driverVolume(deployTimeValue(stack), 'none') }] }),
  },
});

describeRule('CTR-4.read-only-root', {
  compliant: {
    'a read-only root': (stack) => task(stack),
    'a read-only root, as text': (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.ReadonlyRootFilesystem`, 'true'),
    'the container construct': (stack) => new FargateTaskDefinition(stack, 'Task')
      .addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE), readonlyRootFilesystem: true }),
  },
  violating: {
    'a container that does not say': { build: (stack) => task(stack, { readonlyRootFilesystem: undefined }), message: /container core can rewrite its own root file system/, severity: 'error' },
    'a writable root': { build: (stack) => task(stack, { readonlyRootFilesystem: false }), message: /can rewrite/ },
    'a writable root, as text': { build: (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.ReadonlyRootFilesystem`, 'false'), message: /can rewrite/ },
    'a second container': {
      build: (stack) => task(stack).addPropertyOverride('ContainerDefinitions.1', { Name: 'sidecar', Image: PINNED_IMAGE }),
      message: /container sidecar can rewrite/,
    },
  },
  override: { build: (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.ReadonlyRootFilesystem`, false), message: /can rewrite/ },
  raw: { build: (stack) => rawTask(stack, { Image: PINNED_IMAGE }), message: /can rewrite/ },
  undecidable: {
    'a switch that a parameter sets': (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.ReadonlyRootFilesystem`, stack.resolve(deployTimeValue(stack))),
    'a switch that another stack exports': (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.ReadonlyRootFilesystem`, stack.resolve(Fn.importValue('ReadOnly'))),
  },
  notApplicable: {
    'a Windows task, which ECS lets have no read-only root': (stack) => task(stack, { readonlyRootFilesystem: undefined }, { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
  },
});
