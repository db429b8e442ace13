import { CfnParameter, CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { ContainerImage, FargateTaskDefinition, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, LogGroup, LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { FIRST_CONTAINER, PINNED_IMAGE, rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

describeRule('AUD-2.hot-retention', {
  compliant: {
    'a week': (stack) => new CfnLogGroup(stack, 'Logs', { retentionInDays: 7 }),
    'a month, written as text': (stack) => new CfnLogGroup(stack, 'Logs').addPropertyOverride('RetentionInDays', '30'),
    'the default of the log group construct': (stack) => new LogGroup(stack, 'Logs'),
    'a retention that a parameter presets': (stack) => {
      const days = new CfnParameter(stack, 'Days', { type: 'Number', default: 180 });
      new CfnLogGroup(stack, 'Logs', { retentionInDays: days.valueAsNumber });
    },
    'the retention set on the group of a function': (stack) => new LogRetention(stack, 'Retention', { logGroupName: '/aws/lambda/authorizer', retention: RetentionDays.ONE_MONTH }),
  },
  violating: {
    'a group without a retention': { build: (stack) => new CfnLogGroup(stack, 'Logs'), message: /is not set/, severity: 'error' },
    'a group that keeps records for ever': { build: (stack) => new LogGroup(stack, 'Logs', { retention: RetentionDays.INFINITE }), message: /is not set/ },
    'five days': { build: (stack) => new LogGroup(stack, 'Logs', { retention: RetentionDays.FIVE_DAYS }), message: /keeps records for 5 days; the hot tier is 7/ },
    'no days': { build: (stack) => new CfnLogGroup(stack, 'Logs', { retentionInDays: 0 }), message: /for 0 days/ },
    'a day, set on the group of a function': {
      build: (stack) => new LogRetention(stack, 'Retention', { logGroupName: '/aws/lambda/authorizer', retention: RetentionDays.ONE_DAY }),
      message: /for 1 days/,
    },
    'days that are no number': { build: (stack) => new CfnLogGroup(stack, 'Logs').addPropertyOverride('RetentionInDays', 'a year'), message: /NaN/ },
  },
  override: {
    build: (stack) => {
      const logs = new LogGroup(stack, 'Logs', { retention: RetentionDays.SIX_MONTHS }).node.defaultChild;
      if (CfnResource.isCfnResource(logs)) logs.addPropertyOverride('RetentionInDays', 3);
    },
    message: /for 3 days/,
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::Logs::LogGroup', properties: { RetentionInDays: '1' } }),
    message: /for 1 days/,
  },
  undecidable: {
    'days that a parameter gives': (stack) => new CfnLogGroup(stack, 'Logs', { retentionInDays: new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber }),
    'days that another stack exports': (stack) => new CfnLogGroup(stack, 'Logs').addPropertyOverride('RetentionInDays', stack.resolve(Fn.importValue('Days'))),
  },
  notApplicable: {
    'a function without a group of its own': (stack) => new LambdaFunction(stack, 'Function', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('0') }),
  },
});

const awslogs = (options: Record<string, string>): { logDriver: string; options: Record<string, string> } => ({ logDriver: 'awslogs', options });

describeRule('AUD-2.declared-log-group', {
  compliant: {
    'the log driver of the container construct': (stack) => {
      const definition = new FargateTaskDefinition(stack, 'Task');
      definition.addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE), logging: LogDrivers.awsLogs({ streamPrefix: 'core', logRetention: RetentionDays.ONE_MONTH }) });
    },
    'a group by reference': (stack) => task(stack, { logConfiguration: awslogs({ 'awslogs-group': new LogGroup(stack, 'Logs').logGroupName }) }),
    'a group by the name it is declared with': (stack) => {
      new CfnLogGroup(stack, 'Logs', { logGroupName: '/core/audit', retentionInDays: 30 });
      task(stack, { logConfiguration: awslogs({ 'awslogs-group': '/core/audit', 'awslogs-create-group': 'false' }) });
    },
    'a container that logs to a central place': (stack) => task(stack, { logConfiguration: { logDriver: 'splunk' } }),
    'a container that logs through another one': (stack) => task(stack, { logConfiguration: { logDriver: 'awsfirelens' } }).addPropertyOverride('ContainerDefinitions.1', {
      Name: 'router', FirelensConfiguration: { Type: 'fluentbit' }, LogConfiguration: { LogDriver: 'splunk' },
    }),
    'several containers that log': (stack) => task(stack, { logConfiguration: { logDriver: 'splunk' } }).addPropertyOverride('ContainerDefinitions.1', {
      Name: 'sidecar', LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': stack.resolve(new LogGroup(stack, 'Logs').logGroupName) as unknown } },
    }),
  },
  violating: {
    'a container that does not log': { build: (stack) => task(stack), message: /^container core keeps no log: it names no log driver/, severity: 'error' },
    ...Object.fromEntries(['none', 'json-file'].map((logDriver) => [
      `driver ${logDriver}`, { build: (stack: Stack) => task(stack, { logConfiguration: { logDriver } }), message: new RegExp(`^container core keeps no log: driver ${logDriver}`) },
    ])),
    'a router that no container is': { build: (stack) => task(stack, { logConfiguration: { logDriver: 'awsfirelens' } }), message: /^container core keeps no log: it logs to FireLens/ },
    'a router that routes only itself': {
      build: (stack) => task(stack, { logConfiguration: { logDriver: 'awsfirelens' }, firelensConfiguration: { type: 'fluentbit' } }),
      message: /^container core keeps no log: it logs to FireLens/,
    },
    'a driver that creates its group': {
      build: (stack) => task(stack, { logConfiguration: awslogs({ 'awslogs-group': '/core/audit', 'awslogs-create-group': 'true' }) }),
      message: /container core lets the driver create its log group/,
      severity: 'error',
    },
    'a driver that creates its group though one is declared': {
      build: (stack) => task(stack, { logConfiguration: awslogs({ 'awslogs-group': new LogGroup(stack, 'Logs').logGroupName, 'awslogs-create-group': 'True' }) }),
      message: /lets the driver create/,
    },
    'a driver without a group': { build: (stack) => task(stack, { logConfiguration: awslogs({}) }), message: /names no log group/ },
    'a second container that does so': {
      build: (stack) => task(stack).addPropertyOverride('ContainerDefinitions.1', {
        Name: 'sidecar', LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-create-group': true } },
      }),
      message: /container sidecar/,
    },
  },
  override: {
    build: (stack) => task(stack, { logConfiguration: awslogs({ 'awslogs-group': new LogGroup(stack, 'Logs').logGroupName }) })
      .addPropertyOverride(`${FIRST_CONTAINER}.LogConfiguration.Options.awslogs-create-group`, true),
    message: /lets the driver create/,
  },
  raw: {
    build: (stack) => rawTask(stack, { LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-create-group': 'true' } } }),
    message: /lets the driver create/,
  },
  undecidable: {
    'whether the driver creates the group': (stack) => task(stack, {
      logConfiguration: awslogs({ 'awslogs-group': new LogGroup(stack, 'Logs').logGroupName, 'awslogs-create-group': deployTimeValue(stack) }),
    }),
    'a group that a parameter names': (stack) => task(stack, { logConfiguration: awslogs({ 'awslogs-group': deployTimeValue(stack) }) }),
    'a group that another stack exports': (stack) => task(stack, { logConfiguration: awslogs({ 'awslogs-group': Fn.importValue('SharedLogs') }) }),
    'a group that is declared elsewhere': (stack) => task(stack, { logConfiguration: awslogs({ 'awslogs-group': '/shared/logs' }) }),
    'a driver that a parameter names': (stack) => task(stack, { logConfiguration: { logDriver: deployTimeValue(stack) } }),
    'a switch that is neither true nor false': (stack) => task(stack, { logConfiguration: awslogs({ 'awslogs-group': '/core', 'awslogs-create-group': 'yes' }) }),
  },
});
