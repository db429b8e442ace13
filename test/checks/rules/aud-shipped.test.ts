import { CfnResource, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { auditPath, awslogs } from '../../support/audit-path';
import { FIRST_CONTAINER, task } from '../../support/containers';
import { configured, GATE, gateTask, rawGateTask } from '../../support/gated';
import { keptTrail } from '../../support/kept-trail';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const GROUP = 'awslogs-group';
const GATE_GROUP = `${FIRST_CONTAINER}.LogConfiguration.Options.${GROUP}`;
const NO_GATE = { 'a task without a gate': (stack: Stack) => task(stack, awslogs('/core')) };

describeRule('AUD-7.one-place', {
  compliant: {
    'the audit trail': (stack) => keptTrail(stack),
    'one group by reference': (stack) => auditPath(stack),
    'one group by name': (stack) => gateTask(stack, configured(), awslogs('/core'), awslogs('/core')),
    'one group by its name and by reference': (stack) => gateTask(stack, configured(), awslogs('/core'), awslogs(new CfnLogGroup(stack, 'Group', { logGroupName: '/core' }).ref)),
  },
  violating: {
    'two places': { build: (stack) => gateTask(stack, configured(), awslogs('/core'), awslogs('/gate')), message: /container Core logs to \/core, and container Gate beside it to \/gate/, severity: 'warning' },
    'a container that keeps no log': { build: (stack) => gateTask(stack, configured(), {}, awslogs('/gate')), message: /container Core runs beside container Gate and keeps no log/ },
    'a container whose lines may be dropped': { build: (stack) => auditPath(stack).task.addPropertyOverride('ContainerDefinitions.1.LogConfiguration.Options.mode', 'non-blocking'), message: /is non-blocking, and what cannot be sent at once is dropped/ },
    'a gate that logs elsewhere': { build: (stack) => gateTask(stack, configured(), awslogs('/core'), { logConfiguration: { logDriver: 'splunk' } }), message: /container Gate does not log to CloudWatch Logs/ },
    'a gate that keeps no log': { build: (stack) => gateTask(stack), message: /does not log to CloudWatch Logs/ },
  },
  override: { build: (stack) => auditPath(stack).task.addPropertyOverride(GATE_GROUP, '/elsewhere'), message: /in two places/ },
  raw: { build: (stack) => rawGateTask(stack, GATE), message: /does not log to CloudWatch Logs/ },
  undecidable: {
    'a driver known at deployment': (stack) => gateTask(stack, configured(), awslogs('/core'), { logConfiguration: { logDriver: deployTimeValue(stack) } }),
    'a container that logs by another driver': (stack) => gateTask(stack, configured(), { logConfiguration: { logDriver: 'splunk' } }, awslogs('/gate')),
  },
  notApplicable: NO_GATE,
});

const filtered = (filterPattern: string) => (stack: Stack): unknown => auditPath(stack, { filter: { filterPattern } });

describeRule('AUD-7.archived', {
  compliant: {
    'the audit trail': (stack) => keptTrail(stack),
    'the audit trail that goes with its stack': (stack) => keptTrail(stack, { removalPolicy: RemovalPolicy.DESTROY }),
    'a path by hand': (stack) => auditPath(stack),
    'lines with the word': filtered('"audit"'),
    'records alone': filtered('{ $.event = "audit" }'),
    'all lines': (stack) => auditPath(stack, { filter: { filterPattern: '' } }),
    'a second subscription that is about something else': (stack) => {
      const { group, stream } = auditPath(stack);
      new CfnResource(stack, 'Errors', { type: 'AWS::Logs::SubscriptionFilter', properties: { LogGroupName: group.ref, FilterPattern: 'ERROR', DestinationArn: stream.attrArn } });
    },
    'a group by its name': (stack) => {
      const { filter } = auditPath(stack);
      new CfnLogGroup(stack, 'Named', { logGroupName: '/gate' });
      filter.logGroupName = '/gate';
      gateTask(stack).addPropertyOverride(GATE_GROUP, '/gate');
    },
  },
  violating: {
    'a group that nothing takes records from': {
      build: (stack) => {
        const group = new CfnLogGroup(stack, 'Group');
        gateTask(stack, configured(), awslogs(group.ref), awslogs(group.ref));
      },
      message: /container Gate logs to Group, which nothing takes records from/,
      severity: 'error',
    },
    'a subscription of another group': { build: (stack) => auditPath(stack, { filter: { logGroupName: '/other' } }), message: /nothing takes records from/ },
    'a subscription for other lines': { build: (stack) => auditPath(stack, { filter: { filterPattern: '{ $.level = "error" }' } }), message: /does not take the records of container Gate/ },
    'a subscription for all but records': { build: (stack) => auditPath(stack, { filter: { filterPattern: '{ $.event != "audit" }' } }), message: /does not take the records of container Gate/ },
    'a subscription for some records': { build: filtered('{ ($.event = "audit") && ($.status = 500) }'), message: /does not take the records of container Gate/ },
    'a subscription for lines with one more word': { build: filtered('"audit" refused'), message: /does not take the records of container Gate/ },
    'a stream that writes to no bucket': { build: (stack) => auditPath(stack).stream.addPropertyDeletionOverride('ExtendedS3DestinationConfiguration.BucketARN'), message: /delivers records to no bucket/ },
  },
  override: { build: (stack) => auditPath(stack).filter.addPropertyOverride('FilterPattern', '{ $.event = "metrics" }'), message: /does not take the records of container Gate/ },
  raw: {
    build: (stack) => {
      const group = new CfnResource(stack, 'RawGroup', { type: 'AWS::Logs::LogGroup' });
      rawGateTask(stack, GATE).addPropertyOverride(`${FIRST_CONTAINER}.LogConfiguration`, { LogDriver: 'awslogs', Options: { [GROUP]: { Ref: stack.getLogicalId(group) } } });
    },
    message: /nothing takes records from/,
  },
  undecidable: {
    'a destination known at deployment': (stack) => auditPath(stack, { filter: { destinationArn: deployTimeValue(stack) } }),
    'a bucket known at deployment': (stack) => auditPath(stack, { stream: { bucketArn: deployTimeValue(stack) } }),
    'a pattern known at deployment': (stack) => auditPath(stack, { filter: { filterPattern: deployTimeValue(stack) } }),
    'a group that is in none of the templates': (stack) => gateTask(stack, configured(), awslogs('/core'), awslogs('/core')),
    'a subscription of a group known at deployment': (stack) => auditPath(stack, { filter: { logGroupName: deployTimeValue(stack) } }),
  },
  notApplicable: { ...NO_GATE, 'a gate that logs elsewhere, of which another rule speaks': (stack) => gateTask(stack, configured(), {}, { logConfiguration: { logDriver: 'splunk' } }) },
});
