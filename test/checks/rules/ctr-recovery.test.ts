import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnService, type CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { FIRST_CONTAINER, task } from '../../support/containers';
import { gateTask } from '../../support/gated';
import { deployTimeValue, loadBalancer, targetGroup } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type Props = Partial<ConstructorParameters<typeof CfnService>[2]>;

const SERVICE = 'AWS::ECS::Service';
const PINNED = 'arn:aws:ecs:eu-central-1:111122223333:task-definition/core:1';

const service = (stack: Stack, props: Props = {}, id = 'Service'): CfnService => new CfnService(stack, id, { taskDefinition: PINNED, desiredCount: 2, ...props });
const production = (stack: Stack): unknown => loadBalancer(stack, { loadBalancerAttributes: [{ key: 'deletion_protection.enabled', value: 'true' }] });

function scaled(stack: Stack, minCapacity: number, of: CfnService = service(stack, { desiredCount: undefined })): void {
  new CfnScalableTarget(stack, 'Scaling', {
    minCapacity, maxCapacity: 4, resourceId: `service/cluster/${of.attrName}`, scalableDimension: 'ecs:service:DesiredCount', serviceNamespace: 'ecs',
  });
}

describeRule('CTR-6.copies', {
  compliant: {
    'two copies': (stack) => service(stack),
    'one copy of what is tried': (stack) => service(stack, { desiredCount: 1 }),
    'as many as Amazon ECS takes by itself, of what is tried': (stack) => service(stack, { desiredCount: undefined }),
    'two in production': (stack) => {
      production(stack);
      service(stack);
    },
    'two that scaling keeps, in production': (stack) => {
      production(stack);
      scaled(stack, 2);
    },
  },
  violating: {
    'none': { build: (stack) => service(stack, { desiredCount: 0 }), message: /is 0, so nothing starts it again/, severity: 'warning' },
    'none that scaling keeps': { build: (stack) => scaled(stack, 0), message: /is 0/ },
    'one in production': {
      build: (stack) => {
        production(stack);
        service(stack, { desiredCount: 1 });
      },
      message: /is 1, so nobody is answered/,
    },
    'one that scaling keeps in production, whatever the service says': {
      build: (stack) => {
        production(stack);
        scaled(stack, 1, service(stack));
      },
      message: /is 1/,
    },
  },
  override: { build: (stack) => service(stack).addPropertyOverride('DesiredCount', 0), message: /is 0/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: SERVICE, properties: { DesiredCount: 0 } }), message: /is 0/ },
  undecidable: (stack) => service(stack).addPropertyOverride('DesiredCount', stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'one copy on each machine': (stack) => service(stack, { schedulingStrategy: 'DAEMON', desiredCount: undefined }) },
});

const BREAKER: Props = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };

describeRule('CTR-6.rollback', {
  compliant: {
    'a breaker that turns back': (stack) => service(stack, BREAKER),
    'alarms that turn back': (stack) => service(stack, { deploymentConfiguration: { alarms: { alarmNames: ['a'], enable: true, rollback: true } } }),
  },
  violating: {
    'nothing': { build: (stack) => service(stack), message: /is not on with Rollback/, severity: 'warning' },
    'a breaker that stops alone': {
      build: (stack) => service(stack, { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } }),
      message: /is not on with Rollback/,
    },
    'a breaker that is off': { build: (stack) => service(stack, { deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: true } } }), message: /is not on with Rollback/ },
  },
  override: { build: (stack) => service(stack, BREAKER).addPropertyOverride('DeploymentConfiguration.DeploymentCircuitBreaker.Rollback', false), message: /is not on with Rollback/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: SERVICE }), message: /is not on with Rollback/ },
  undecidable: (stack) => service(stack, BREAKER).addPropertyOverride('DeploymentConfiguration.DeploymentCircuitBreaker.Enable', stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'what CodeDeploy deploys': (stack) => service(stack, { deploymentController: { type: 'CODE_DEPLOY' } }) },
});

const CHECK = { healthCheck: { command: ['CMD-SHELL', 'curl -f http://127.0.0.1:8000/health'] } };

function served(stack: Stack, made: CfnTaskDefinition, props: Props = {}): CfnTaskDefinition {
  service(stack, { taskDefinition: made.ref, ...props });
  return made;
}

const behind = (stack: Stack, healthCheckEnabled?: boolean): Props =>
  ({ loadBalancers: [{ containerName: 'core', containerPort: 8000, targetGroupArn: targetGroup(stack, { healthCheckEnabled }).ref }] });

describeRule('CTR-6.health-check', {
  compliant: {
    'a container that looks after itself': (stack) => served(stack, task(stack, CHECK)),
    'one behind a target group': (stack) => served(stack, task(stack), behind(stack)),
    'one behind a target group of another template': (stack) => served(stack, task(stack), { loadBalancers: [{ containerName: 'core', containerPort: 8000, targetGroupArn: deployTimeValue(stack) }] }),
    'one that prepares something, beside another': (stack) => served(stack, task(stack, CHECK)).addPropertyOverride('ContainerDefinitions.1', { Name: 'setup', Image: 'x', Essential: false }),
    'a Core that its gate asks': (stack) => served(stack, gateTask(stack)).addPropertyOverride('ContainerDefinitions.1', { Name: 'core', Image: 'x' }),
  },
  violating: {
    'a container that nobody looks after': { build: (stack) => served(stack, task(stack)), message: /is not set: container core runs on/, severity: 'warning' },
    'a check that is switched off': { build: (stack) => served(stack, task(stack, { healthCheck: { command: ['NONE'] } })), message: /is not set/ },
    'a target group that looks after nothing': { build: (stack) => served(stack, task(stack), behind(stack, false)), message: /is false, so a target that is ill/ },
    'a second container': { build: (stack) => served(stack, task(stack, CHECK)).addPropertyOverride('ContainerDefinitions.1', { Name: 'sidecar', Image: 'x' }), message: /container sidecar/ },
  },
  override: { build: (stack) => served(stack, task(stack, CHECK)).addPropertyDeletionOverride(`${FIRST_CONTAINER}.HealthCheck`), message: /is not set/ },
  raw: {
    build: (stack) => {
      const made = new CfnResource(stack, 'Task', { type: 'AWS::ECS::TaskDefinition', properties: { ContainerDefinitions: [{ Name: 'core', Image: 'x' }] } });
      new CfnResource(stack, 'Raw', { type: SERVICE, properties: { TaskDefinition: made.ref } });
    },
    message: /is not set/,
  },
  undecidable: (stack) => served(stack, task(stack, CHECK)).addPropertyOverride(`${FIRST_CONTAINER}.Essential`, stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'a task that no service keeps running': (stack) => task(stack) },
});

describeRule('CTR-6.restart', {
  compliant: {
    'a container whose end is the end of the task': (stack) => task(stack),
    'one that is started again by itself': (stack) => task(stack, { essential: false, restartPolicy: { enabled: true } }),
    'one that ends before another begins': (stack) => task(stack, { dependsOn: [{ containerName: 'setup', condition: 'SUCCESS' }] })
      .addPropertyOverride('ContainerDefinitions.1', { Name: 'setup', Image: 'x', Essential: false }),
  },
  violating: {
    'one that nobody misses': { build: (stack) => task(stack, { essential: false }), message: /is false: when container core stops, nothing starts it again/, severity: 'warning' },
    'one whose restart is off': { build: (stack) => task(stack, { essential: false, restartPolicy: { enabled: false } }), message: /is false/ },
    'one that another only waits for to start': {
      build: (stack) => task(stack, { dependsOn: [{ containerName: 'proxy', condition: 'START' }] }).addPropertyOverride('ContainerDefinitions.1', { Name: 'proxy', Image: 'x', Essential: false }),
      message: /when container proxy stops/,
    },
  },
  override: { build: (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.Essential`, false), message: /is false/ },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::ECS::TaskDefinition', properties: { ContainerDefinitions: [{ Name: 'core', Image: 'x', Essential: 'false' }] } }),
    message: /is false/,
  },
  undecidable: (stack) => task(stack, CHECK).addPropertyOverride(`${FIRST_CONTAINER}.Essential`, stack.resolve(deployTimeValue(stack))),
});
