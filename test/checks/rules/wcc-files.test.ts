import { type Stack } from 'aws-cdk-lib';
import { metadataOf } from '../../support/profiled-task';
import { orchestrator, pool } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { callable, written } from '../../support/written';

const FILE = { Name: 'TOM_CORE_CREDENTIAL_FILE', Value: '/run/creds.yml' };
const URL = { Name: 'WORKER_BROKER_URL', Value: 'https://broker.example.com' };
const TOLD = /is told TOM_CORE_CREDENTIAL_FILE: whoever reads that file has every credential in it/;

const efs = (FilesystemId: unknown, AccessPointId?: string): Readonly<Record<string, unknown>> => ({
  Volumes: [{ Name: 'shared', EFSVolumeConfiguration: { FilesystemId, ...(AccessPointId !== undefined && { AuthorizationConfig: { AccessPointId } }) } }],
});
const both = (worker: Readonly<Record<string, unknown>>, core: Readonly<Record<string, unknown>>) => (stack: Stack): void => {
  pool(stack, {}, worker);
  orchestrator(stack, {}, core);
};
const SHARED = /is a volume of Core as well, so a worker may read what that leaves there/;

describeRule('WCC-5.no-file', {
  compliant: {
    'workers without files': (stack) => pool(stack),
    'a Core that writes jobs': (stack) => orchestrator(stack),
    'a worker\'s own volume': (stack) => pool(stack, {}, { Volumes: [{ Name: 'tmp' }] }),
    'file systems of their own': both(efs('fs-1'), efs('fs-2')),
    'parts of one file system': both(efs('fs-1', 'fsap-1'), efs('fs-1', 'fsap-2')),
    'a file for a while, of a Core that migrates': (stack) => orchestrator(
      stack, { Environment: [URL, { Name: 'WORKER_JOBS_TABLE', Value: 'jobs' }, FILE] }, {},
      metadataOf('tom', { container: 'core', environment: 'staging', choices: ['migration', 'until:2026-12-01'] }),
    ),
  },
  violating: {
    'a worker\'s file': { build: (stack) => pool(stack, { Environment: [URL, FILE] }), message: TOLD, severity: 'error' },
    'a file of anybody': {
      build: (stack) => written(stack, 'Core', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'core', Environment: [{ ...FILE, Name: 'DEVICE_CREDENTIAL_FILE' }] }] }),
      message: /is told DEVICE_CREDENTIAL_FILE/,
    },
    'a file whose name a store fills in': { build: (stack) => pool(stack, { Secrets: [{ Name: FILE.Name, ValueFrom: 'arn:aws:ssm:eu-central-1:111122223333:parameter/file' }] }), message: TOLD },
    'a file of a function': { build: (stack) => written(stack, 'Fn', 'AWS::Lambda::Function', { Environment: { Variables: { [FILE.Name]: '/mnt/creds.yml' } } }), message: TOLD },
    'a worker\'s file during a migration': { build: (stack) => pool(stack, { Environment: [URL, { ...FILE, Name: 'CREDENTIAL_FILE' }] }), message: /is told CREDENTIAL_FILE/ },
    'a Core\'s file in another phase': {
      build: (stack) => orchestrator(stack, { Environment: [URL, FILE] }, {}, metadataOf('tom', { container: 'core', choices: ['checkout'] })), message: TOLD,
    },
    'a file system that both have': { build: both(efs('fs-1'), efs('fs-1')), message: SHARED },
    'a file system that both have, by reference': {
      build: (stack) => {
        const files = written(stack, 'Files', 'AWS::EFS::FileSystem').ref;
        both(efs(files), efs(files, 'fsap-1'))(stack);
      },
      message: SHARED,
    },
    'one part of a file system': { build: both(efs('fs-1', 'fsap-1'), efs('fs-1', 'fsap-1')), message: SHARED },
    'a folder of the host': { build: both({ Volumes: [{ Name: 'x', Host: { SourcePath: '/creds' } }] }, { Volumes: [{ Name: 'x', Host: { SourcePath: '/creds' } }] }), message: SHARED },
  },
  override: { build: (stack) => pool(stack).addPropertyOverride('ContainerDefinitions.0.Environment.0.Name', FILE.Name), message: TOLD },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'worker', Environment: [FILE] }] }), message: TOLD },
  undecidable: {
    'a second container whose variables are known at deployment': (stack) => pool(stack, {}, {
      ContainerDefinitions: [{ Name: 'worker', Environment: [URL] }, { Name: 'other', Environment: deployTimeValue(stack) }],
    }),
    'volumes known at deployment': (stack) => pool(stack, {}, { Volumes: deployTimeValue(stack) }),
  },
  notApplicable: {
    'a program that has nothing to do with workers': (stack) => callable(stack, 'Other'),
    'a task that has nothing to do with workers': (stack) => written(stack, 'Task', 'AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ Name: 'core', Environment: [{ Name: 'CREDENTIAL_FILES', Value: '3' }] }],
    }),
  },
});
