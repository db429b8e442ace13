import { type CfnResource, type Stack } from 'aws-cdk-lib';
import { brokered, brokerText, recordsOf } from '../../support/brokered';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { callable, written } from '../../support/written';

const logging = (LoggingConfig: unknown) => (stack: Stack): unknown => brokered(stack, {}, { properties: { LoggingConfig } });
const filter = (path: string, value: unknown) => (stack: Stack): void => {
  brokered(stack);
  (stack.node.findChild('Filter') as CfnResource).addPropertyOverride(path, value);
};
const leveled = (ApplicationLogLevel: unknown) => (stack: Stack): unknown => logging({ LogGroup: recordsOf(stack).ref, LogFormat: 'JSON', ApplicationLogLevel })(stack);
const NOWHERE = /Broker logs to Quiet, which nothing takes records from/;

describeRule('WCC-6.recorded', {
  compliant: {
    'a group that is taken to the archive': (stack) => brokered(stack),
    'lines as they are written': (stack) => logging({ LogGroup: recordsOf(stack).ref })(stack),
    'all levels': leveled('TRACE'),
    'what hears of stopped tasks': (stack) => written(stack, 'Exit', 'AWS::Lambda::Function', { LoggingConfig: { LogGroup: recordsOf(stack).ref }, Environment: { Variables: { BROKER_EXIT: '{}' } } }),
  },
  violating: {
    'a group of its own': { build: logging(undefined), message: /is not set, so records of Broker end in a group of its own/, severity: 'error' },
    'a group that nothing takes records from': { build: (stack) => logging({ LogGroup: written(stack, 'Quiet', 'AWS::Logs::LogGroup').ref })(stack), message: NOWHERE, severity: 'error' },
    'a subscription for other lines': { build: filter('FilterPattern', '{ $.level = "error" }'), message: /does not take the records of Broker/ },
    'warnings alone': { build: leveled('WARN'), message: /is WARN, so records \(audit\), which are INFO, are dropped/ },
    'stopped tasks that nobody hears of': {
      build: (stack) => written(stack, 'Exit', 'AWS::Lambda::Function', { Environment: { Variables: { BROKER_EXIT: '{}' } } }), message: /records of Exit end in a group of its own/,
    },
  },
  override: { build: (stack) => brokered(stack).addPropertyOverride('LoggingConfig.LogGroup', written(stack, 'Quiet', 'AWS::Logs::LogGroup').ref), message: NOWHERE },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::Serverless::Function', { Environment: { Variables: { BROKER_CONFIGURATION: brokerText() } } }), message: /records of Raw end/ },
  undecidable: {
    'a group known at deployment': (stack) => logging({ LogGroup: deployTimeValue(stack) })(stack),
    'a level known at deployment': (stack) => leveled(deployTimeValue(stack))(stack),
    'a stream of none of the templates': filter('DestinationArn', 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/x'),
  },
  notApplicable: { 'a function that is no broker': (stack) => callable(stack, 'Other') },
});
