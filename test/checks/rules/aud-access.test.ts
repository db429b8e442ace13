import { CfnResource, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, CfnRole, Role } from 'aws-cdk-lib/aws-iam';
import { allowing, auditPath, DELETES, type Path, undeletable } from '../../support/audit-path';
import { configured, gateTask } from '../../support/gated';
import { keptTrail } from '../../support/kept-trail';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

/** Buckets that let nobody delete. @param changes to what the archive's policy says */
function closed(stack: Stack, changes: object = {}): Path {
  const path = auditPath(stack);
  undeletable(stack, path.arrivals, 'ArrivalsPolicy');
  undeletable(stack, path.archive, 'ArchivePolicy', changes);
  return path;
}

const ROLE = 'arn:aws:iam::111122223333:role/empties';
const except = (role: string): object => ({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': role } } });

/** The same, of buckets that go with their stack. */
function passing(stack: Stack, changes: object): void {
  const { archive } = closed(stack, changes);
  archive.cfnOptions.deletionPolicy = archive.cfnOptions.updateReplacePolicy = undefined;
}

const UNPROTECTED = /lets whoever has the right delete records/;

describeRule('AUD-4.undeletable', {
  compliant: {
    'the audit trail': (stack) => keptTrail(stack),
    'the audit trail that goes with its stack': (stack) => keptTrail(stack, { removalPolicy: RemovalPolicy.DESTROY }),
    'policies by hand': (stack) => closed(stack),
    'all but one role, where the stack takes the bucket along': (stack) => passing(stack, except(ROLE)),
    'every action': (stack) => closed(stack, { Action: 's3:*' }),
  },
  violating: {
    'no policy': { build: (stack) => auditPath(stack), message: UNPROTECTED, severity: 'error' },
    'deletion alone': { build: (stack) => closed(stack, { Action: 's3:DeleteObject' }), message: UNPROTECTED },
    'somebody alone': { build: (stack) => closed(stack, { Principal: { AWS: ROLE } }), message: UNPROTECTED },
    'a part of the bucket': { build: (stack) => closed(stack, { Resource: 'arn:aws:s3:::archive/audit/2026' }), message: UNPROTECTED },
    'what lies below a prefix': { build: (stack) => closed(stack, { Resource: 'arn:aws:s3:::archive/other/*' }), message: UNPROTECTED },
    'everybody but an administrator': { build: (stack) => closed(stack, { Principal: undefined, NotPrincipal: { AWS: ROLE } }), message: UNPROTECTED },
    'a statement that allows': { build: (stack) => closed(stack, { Effect: 'Allow' }), message: UNPROTECTED },
    'all but one role, of a bucket that outlives its stack': { build: (stack) => closed(stack, except(ROLE)), message: UNPROTECTED },
    'all but a pattern of roles': { build: (stack) => passing(stack, except('arn:aws:iam::111122223333:role/*')), message: UNPROTECTED },
    'all but one role, and then only sometimes': {
      build: (stack) => passing(stack, { Condition: { ArnNotEquals: { 'aws:PrincipalArn': ROLE, 'aws:SourceArn': ROLE } } }), message: UNPROTECTED,
    },
    'a condition that is about something else': { build: (stack) => passing(stack, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }), message: UNPROTECTED },
  },
  override: {
    build: (stack) => {
      const { archive } = auditPath(stack);
      undeletable(stack, archive, 'ArchivePolicy').addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow');
    },
    message: UNPROTECTED,
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'RawPolicy', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: auditPath(stack).archive.ref, PolicyDocument: { Statement: [] } } }),
    message: UNPROTECTED,
  },
  undecidable: {
    'statements known at deployment': (stack) => {
      const { arrivals, archive } = auditPath(stack);
      undeletable(stack, arrivals, 'ArrivalsPolicy');
      undeletable(stack, archive, 'ArchivePolicy').addPropertyOverride('PolicyDocument', deployTimeValue(stack));
    },
    'a policy for a bucket known at deployment': (stack) => undeletable(stack, auditPath(stack).archive, 'ArchivePolicy').addPropertyOverride('Bucket', deployTimeValue(stack)),
  },
  notApplicable: { 'a bucket that no record ends in': (stack) => new CfnResource(stack, 'Plain', { type: 'AWS::S3::Bucket' }) },
});

/** A path whose archive nobody uploads into. @param changes to what its policy says */
const unwritable = (stack: Stack, changes: object = {}): unknown => undeletable(stack, auditPath(stack).archive, 'ArchivePolicy', { Action: 's3:PutObject', ...changes });
const WRITABLE = /lets whoever has the right write over records: no policy of it forbids that to everybody/;

describeRule('AUD-4.overwriting', {
  compliant: {
    'the audit trail': (stack) => keptTrail(stack),
    'the audit trail that goes with its stack': (stack) => keptTrail(stack, { removalPolicy: RemovalPolicy.DESTROY }),
    'a policy by hand': (stack) => unwritable(stack),
    'all but the role that delivers there': (stack) => {
      const { archive, streamRole } = auditPath(stack, { direct: true, arrivals: { replicationConfiguration: undefined } });
      undeletable(stack, archive, 'ArchivePolicy', { Action: 's3:PutObject', ...except(streamRole.attrArn) });
    },
  },
  violating: {
    'no policy': { build: (stack) => auditPath(stack), message: WRITABLE, severity: 'error' },
    'deletions alone': { build: (stack) => closed(stack), message: WRITABLE },
    'what lies below a prefix': { build: (stack) => unwritable(stack, { Resource: 'arn:aws:s3:::archive/other/*' }), message: WRITABLE },
    'everybody but an administrator': { build: (stack) => unwritable(stack, { Principal: undefined, NotPrincipal: { AWS: ROLE } }), message: WRITABLE },
    'all but a pattern of roles': { build: (stack) => unwritable(stack, except('arn:aws:iam::111122223333:role/*')), message: WRITABLE },
    'who comes without TLS': { build: (stack) => unwritable(stack, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }), message: WRITABLE },
  },
  override: {
    build: (stack) => undeletable(stack, auditPath(stack).archive, 'ArchivePolicy', { Action: 's3:PutObject' }).addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow'), message: WRITABLE,
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'RawPolicy', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: auditPath(stack).archive.ref, PolicyDocument: { Statement: [] } } }),
    message: WRITABLE,
  },
  undecidable: {
    'statements known at deployment': (stack) => undeletable(stack, auditPath(stack).archive, 'ArchivePolicy').addPropertyOverride('PolicyDocument', deployTimeValue(stack)),
    'a policy for a bucket known at deployment': (stack) =>
      undeletable(stack, auditPath(stack).archive, 'ArchivePolicy', { Action: 's3:PutObject' }).addPropertyOverride('Bucket', deployTimeValue(stack)),
  },
  notApplicable: { 'a bucket that no record ends in': (stack) => new CfnResource(stack, 'Plain', { type: 'AWS::S3::Bucket' }) },
});

/** A path with a policy for one of its roles. */
function let_(stack: Stack, who: 'streamRole' | 'replicationRole', actions: string[], where: 'archive' | 'arrivals' = 'archive'): void {
  const path = closed(stack);
  allowing(stack, path[who], actions, `${path[where].attrArn}/*`);
}

/** The role of the task that the gate runs in. */
function letTask(stack: Stack, actions: string[]): void {
  const { archive } = closed(stack);
  const role = new CfnRole(stack, 'TaskRole', { assumeRolePolicyDocument: { Statement: [] } });
  gateTask(stack, configured()).addPropertyOverride('TaskRoleArn', stack.resolve(role.attrArn));
  allowing(stack, role, actions, `${archive.attrArn}/*`);
}

describeRule('AUD-4.roles', {
  compliant: {
    'the audit trail': (stack) => keptTrail(stack),
    'the audit trail with a reader': (stack) => keptTrail(stack).grantRead(new Role(stack, 'Reader', { assumedBy: new AccountRootPrincipal() })),
    'the audit trail that is emptied when its stack goes': (stack) => keptTrail(stack, { removalPolicy: RemovalPolicy.DESTROY }),
    'a stream that writes': (stack) => let_(stack, 'streamRole', ['s3:PutObject', 's3:AbortMultipartUpload']),
    'a replication that writes': (stack) => let_(stack, 'replicationRole', ['s3:ReplicateObject']),
  },
  violating: {
    'a stream that reads': { build: (stack) => let_(stack, 'streamRole', ['s3:GetObject'], 'arrivals'), message: /lets stream Stream, which writes records, read them in Arrivals/, severity: 'error' },
    'a replication that reads the archive': { build: (stack) => let_(stack, 'replicationRole', ['s3:Get*']), message: /lets the replication of Arrivals, which writes records, read them in Archive/ },
    'a task that reads': { build: (stack) => letTask(stack, ['s3:GetObjectVersion']), message: /lets task Task, which writes records, read them/ },
    'a task that deletes': { build: (stack) => letTask(stack, ['s3:DeleteObject']), message: /lets somebody delete records in Archive/ },
    'everything everywhere': {
      build: (stack) => {
        closed(stack);
        allowing(stack, new CfnRole(stack, 'Admin', { assumeRolePolicyDocument: { Statement: [] } }), ['s3:*'], '*');
      },
      message: /lets somebody delete records/,
    },
    'a pattern that takes any bucket': {
      build: (stack) => {
        closed(stack);
        allowing(stack, new CfnRole(stack, 'Admin', { assumeRolePolicyDocument: { Statement: [] } }), ['s3:DeleteObject'], 'arn:aws:s3:::*');
      },
      message: /delete records in Arrivals/,
    },
    'everything but one bucket': {
      build: (stack) => {
        const path = closed(stack);
        allowing(stack, path.streamRole, ['s3:GetObject'], '*').policyDocument = { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', NotResource: 'arn:aws:s3:::other/*' }] };
      },
      message: /which writes records, read them/,
    },
    'a policy of its own resource': {
      build: (stack) => {
        const path = closed(stack);
        const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: `${path.arrivals.attrArn}/*` };
        new CfnResource(stack, 'RolePolicy', { type: 'AWS::IAM::RolePolicy', properties: { RoleName: path.streamRole.ref, PolicyDocument: { Statement: [statement] } } });
      },
      message: /lets stream Stream, which writes records, read them in Arrivals/,
    },
    'a policy of AWS for every bucket': {
      build: (stack) => closed(stack).streamRole.addPropertyOverride('ManagedPolicyArns', ['arn:aws:iam::aws:policy/AmazonS3FullAccess']),
      message: /lets stream Stream, which writes records, read every bucket/,
    },
    'who may bypass the lock': { build: (stack) => let_(stack, 'streamRole', ['s3:BypassGovernanceRetention']), message: /delete records in Archive/ },
  },
  override: {
    build: (stack) => {
      const path = closed(stack);
      allowing(stack, path.streamRole, ['s3:PutObject'], `${path.arrivals.attrArn}/*`).addPropertyOverride('PolicyDocument.Statement.0.Action', DELETES);
    },
    message: /delete records in Arrivals/,
  },
  raw: {
    build: (stack) => {
      const { archive } = closed(stack);
      new CfnResource(stack, 'RawRole', {
        type: 'AWS::IAM::Role',
        properties: { Policies: [{ PolicyDocument: { Statement: { Effect: 'Allow', Action: 's3:DeleteObject', Resource: { 'Fn::Sub': `\${${stack.getLogicalId(archive)}.Arn}/*` } } } }] },
      });
    },
    message: /delete records in Archive/,
  },
  undecidable: (stack) => {
    const path = closed(stack);
    allowing(stack, path.streamRole, ['s3:PutObject'], `${path.arrivals.attrArn}/*`).addPropertyOverride('PolicyDocument', deployTimeValue(stack));
  },
  notApplicable: {
    'somebody who deletes elsewhere': (stack) => {
      closed(stack);
      allowing(stack, new CfnRole(stack, 'Admin', { assumeRolePolicyDocument: { Statement: [] } }), ['s3:*'], 'arn:aws:s3:::other/*');
    },
    'a stack without records': (stack) => allowing(stack, new CfnRole(stack, 'Admin', { assumeRolePolicyDocument: { Statement: [] } }), ['s3:*'], '*'),
  },
});

describeRule('AUD-4.known-bucket', {
  compliant: { 'the audit trail': (stack) => keptTrail(stack), 'a path by hand': (stack) => auditPath(stack) },
  violating: { 'a stream to no bucket': { build: (stack) => auditPath(stack).stream.addPropertyDeletionOverride('ExtendedS3DestinationConfiguration'), message: /is not set: records are delivered to something/, severity: 'error' } },
  override: { build: (stack) => auditPath(stack).stream.addPropertyDeletionOverride('ExtendedS3DestinationConfiguration.BucketARN'), message: /is not set/ },
  raw: {
    build: (stack) => {
      const raw = new CfnResource(stack, 'Raw', { type: 'AWS::KinesisFirehose::DeliveryStream', properties: { SplunkDestinationConfiguration: {} } });
      auditPath(stack).filter.addPropertyOverride('DestinationArn', stack.resolve(raw.getAtt('Arn')));
    },
    message: /is not set/,
  },
  undecidable: (stack) => auditPath(stack).stream.addPropertyOverride('ExtendedS3DestinationConfiguration.BucketARN', deployTimeValue(stack)),
  notApplicable: { 'a stream of something else': (stack) => new CfnResource(stack, 'Other', { type: 'AWS::KinesisFirehose::DeliveryStream' }) },
});
