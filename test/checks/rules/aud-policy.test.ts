import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { POLICY_METADATA } from '../../../src/audit/contract';
import { resourceOf } from '../../support/alb';
import { awslogs } from '../../support/audit-path';
import { configured, gateTask } from '../../support/gated';
import { keptTrail } from '../../support/kept-trail';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const STATED = { retention: { hot: 7 }, personalData: 'A keyed hash of the caller.', erasure: 'The key is destroyed.' };

/** A log group that a gate writes into. */
function written(stack: Stack, stated?: object, kept = false): CfnLogGroup {
  const group = new CfnLogGroup(stack, 'Group');
  if (stated) group.addMetadata(POLICY_METADATA, stated);
  if (kept) group.cfnOptions.deletionPolicy = group.cfnOptions.updateReplacePolicy = 'Retain' as never;
  gateTask(stack, configured(), awslogs(group.ref), awslogs(group.ref));
  return group;
}

const UNRELATED = { 'a log group that no gate writes into': (stack: Stack) => new CfnLogGroup(stack, 'Other') };

/** A group that nobody typed. */
function raw(stack: Stack): void {
  const group = new CfnResource(stack, 'Raw', { type: 'AWS::Logs::LogGroup' });
  gateTask(stack, configured(), awslogs(group.ref), awslogs(group.ref));
}

describeRule('AUD-5.policy', {
  compliant: { 'the audit trail': (stack) => keptTrail(stack), 'a policy by hand': (stack) => written(stack, STATED) },
  violating: {
    'no policy of what outlives its stack': { build: (stack) => written(stack, undefined, true), message: /how long records are kept and how personal data is erased is nowhere stated/, severity: 'error' },
    'no policy of what goes with its stack': { build: (stack) => written(stack), message: /is nowhere stated/, severity: 'warning' },
    'nothing on erasure': { build: (stack) => written(stack, { ...STATED, erasure: ' ' }), message: /is not stated/ },
    'nothing on personal data': { build: (stack) => written(stack, { ...STATED, personalData: undefined }), message: /is not stated/ },
    'nothing on retention': { build: (stack) => written(stack, { ...STATED, retention: undefined }), message: /is not stated/ },
  },
  override: { build: (stack) => resourceOf(keptTrail(stack).hot).addOverride('Metadata', { [POLICY_METADATA]: { ...STATED, erasure: '' } }), message: /is not stated/ },
  raw: { build: raw, message: /is nowhere stated/ },
  undecidable: (stack) => written(stack, STATED).addOverride('DeletionPolicy', { Ref: stack.getLogicalId(new CfnResource(stack, 'P', { type: 'AWS::SNS::Topic' })) }),
  notApplicable: UNRELATED,
});

const masking = (identifier: string, operation: object = { Deidentify: { MaskConfig: {} } }) => (stack: Stack): void => {
  written(stack).dataProtectionPolicy = { Name: 'p', Version: '2021-06-01', Statement: [{ DataIdentifier: [identifier], Operation: operation }] };
};

const EMAIL = 'arn:aws:dataprotection::aws:data-identifier/EmailAddress';

describeRule('AUD-5.masked-persons', {
  compliant: { 'the audit trail': (stack) => keptTrail(stack), 'a policy by hand': masking(EMAIL) },
  violating: {
    'no policy': { build: (stack) => written(stack), message: /is not set, so that an address which slips into the log/, severity: 'warning' },
    'a policy for something else': { build: masking('arn:aws:dataprotection::aws:data-identifier/AwsSecretKey'), message: /masks no e-mail addresses/ },
    'a policy that only counts': { build: masking(EMAIL, { Audit: {} }), message: /masks no e-mail addresses/ },
  },
  override: { build: (stack) => resourceOf(keptTrail(stack).hot).addPropertyOverride('DataProtectionPolicy.Statement', []), message: /masks no e-mail addresses/ },
  raw: { build: raw, message: /is not set/ },
  undecidable: (stack) => written(stack).addPropertyOverride('DataProtectionPolicy', deployTimeValue(stack)),
  notApplicable: UNRELATED,
});
