import { CfnResource, type Stack } from 'aws-cdk-lib';
import { type CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { type CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AUDIT_KEY_VARIABLE, CONFIGURATION_VARIABLE } from '../../../src/gate/contract';
import { FIRST_CONTAINER, task } from '../../support/containers';
import { configured, forwardOn, GATE, gatedService, gateTask, rawGateTask } from '../../support/gated';
import { deployTimeValue, httpsListener, loadBalancer } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type Gate = Partial<CfnTaskDefinition.ContainerDefinitionProperty>;

const KEY = { name: AUDIT_KEY_VARIABLE, valueFrom: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:audit' };
const TOLD = { name: CONFIGURATION_VARIABLE, value: configured() };
const gate = (stack: Stack, props: Gate): CfnTaskDefinition => gateTask(stack, configured(), {}, props);
const keyed = (stack: Stack): CfnTaskDefinition => gate(stack, { secrets: [KEY] });

const ARN = KEY.valueFrom;
const other = (valueFrom: string): { name: string; valueFrom: string } => ({ name: 'OTHER', valueFrom });
/** A key that somebody else is given too, for something else. */
const SHARED = /container Gate has GATE_AUDIT_KEY from the secret that container (Gate|Core) has OTHER from/;

describeRule('AUD-1.gate-audit-key', {
  compliant: {
    'a key from a secret store': keyed,
    'a field of a secret beside another': (stack) => gate(stack, { secrets: [{ ...KEY, valueFrom: `${ARN}:audit::` }, other(`${ARN}:password::`)] }),
    'a secret whose name begins like another\'s': (stack) => gate(stack, { secrets: [KEY, other(`${ARN}or`)] }),
  },
  violating: {
    'a key for everybody to read': {
      build: (stack) => gate(stack, { environment: [TOLD, { name: AUDIT_KEY_VARIABLE, value: 'a2V5a2V5' }] }), message: /has GATE_AUDIT_KEY in its plain environment/, severity: 'error',
    },
    'a key in both places': {
      build: (stack) => gate(stack, { environment: [TOLD, { name: AUDIT_KEY_VARIABLE, value: 'a2V5a2V5' }], secrets: [KEY] }), message: /in its plain environment/,
    },
    'a secret that is for something else': { build: (stack) => gate(stack, { secrets: [KEY, other(ARN)] }), message: SHARED },
    'all of a secret of which a field is for something else': { build: (stack) => gate(stack, { secrets: [KEY, other(`${ARN}:password::`)] }), message: SHARED },
    'a field of a secret that is for something else': { build: (stack) => gate(stack, { secrets: [{ ...KEY, valueFrom: `${ARN}:audit::` }, other(ARN)] }), message: SHARED },
    'a secret that the Core is given': { build: (stack) => gateTask(stack, configured(), { secrets: [other(ARN)] }, { secrets: [KEY] }), message: SHARED },
    'no key': { build: (stack) => gateTask(stack), message: /container Gate has no GATE_AUDIT_KEY/ },
    'a key of the Core\'s': { build: (stack) => gateTask(stack, configured(), { secrets: [KEY] }), message: /container Gate has no GATE_AUDIT_KEY/ },
  },
  override: { build: (stack) => keyed(stack).addPropertyOverride(`${FIRST_CONTAINER}.Secrets.0.Name`, 'GATE_CORE_KEY'), message: /has no GATE_AUDIT_KEY/ },
  raw: { build: (stack) => rawGateTask(stack, GATE), message: /has no GATE_AUDIT_KEY/ },
  undecidable: (stack) => keyed(stack).addPropertyOverride(`${FIRST_CONTAINER}.Secrets`, deployTimeValue(stack)),
  notApplicable: { 'a task without a gate': (stack) => task(stack) },
});

const awslogs = (options: Record<string, string>): Gate => ({ logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/gate', ...options } } });
const blocking = (stack: Stack): CfnTaskDefinition => gate(stack, awslogs({ mode: 'blocking' }));

describeRule('AUD-1.gate-log-mode', {
  compliant: { 'a log that is waited for': blocking, 'another driver that is waited for': (stack) => gate(stack, { logConfiguration: { logDriver: 'splunk', options: { mode: 'blocking' } } }) },
  violating: {
    'a log that drops': { build: (stack) => gate(stack, awslogs({ mode: 'non-blocking' })), message: /container Gate logs in mode non-blocking, in which records are dropped/, severity: 'error' },
    'a mode of the account\'s choice': { build: (stack) => gate(stack, awslogs({})), message: /in mode of the account's choice/ },
    'no options': { build: (stack) => gate(stack, { logConfiguration: { logDriver: 'splunk' } }), message: /in mode of the account's choice/ },
  },
  override: { build: (stack) => blocking(stack).addPropertyOverride(`${FIRST_CONTAINER}.LogConfiguration.Options.mode`, 'non-blocking'), message: /mode non-blocking/ },
  raw: {
    build: (stack) => rawGateTask(stack, GATE).addPropertyOverride(`${FIRST_CONTAINER}.LogConfiguration`, { LogDriver: 'awslogs' }),
    message: /in mode of the account's choice/,
  },
  undecidable: {
    'a mode known at deployment': (stack) => gate(stack, awslogs({ mode: deployTimeValue(stack) })),
    'a router of logs': (stack) => gate(stack, { logConfiguration: { logDriver: 'awsfirelens' } }),
  },
  notApplicable: {
    'a task without a gate': (stack) => task(stack, awslogs({})),
    'a gate without a log, of which another rule speaks': (stack) => gateTask(stack),
    'a driver that keeps nothing, of which another rule speaks': (stack) => gate(stack, { logConfiguration: { logDriver: 'none' } }),
  },
});

const RECORDED = 'access_logs.s3.enabled';
const attribute = (key: string, value: string): CfnLoadBalancer.LoadBalancerAttributeProperty => ({ key, value });
const UNRECORDED = /does not record requests \(access_logs\.s3\.enabled\): what it refuses itself is on no record/;

/** A load balancer that passes requests on to a gate. */
function before<T extends CfnResource>(stack: Stack, balancer: T): T {
  httpsListener(stack, { loadBalancerArn: balancer.ref, defaultActions: [forwardOn(stack)] });
  gatedService(stack);
  return balancer;
}
const door = (...loadBalancerAttributes: CfnLoadBalancer.LoadBalancerAttributeProperty[]) => (stack: Stack): CfnLoadBalancer => before(stack, loadBalancer(stack, { loadBalancerAttributes }));

describeRule('AUD-1.edge-access-log', {
  compliant: { 'requests that are recorded': door(attribute(RECORDED, 'true')) },
  violating: {
    'nothing said': { build: door(), message: UNRECORDED, severity: 'warning' },
    'a record that is off': { build: door(attribute(RECORDED, 'false')), message: UNRECORDED },
    'connections alone': { build: door(attribute('connection_logs.s3.enabled', 'true')), message: UNRECORDED },
    'one that is meant to last': { build: door(attribute('deletion_protection.enabled', 'true')), message: UNRECORDED, severity: 'error' },
  },
  override: { build: (stack) => door(attribute(RECORDED, 'true'))(stack).addPropertyOverride('LoadBalancerAttributes.0.Value', 'false'), message: UNRECORDED },
  raw: { build: (stack) => before(stack, new CfnResource(stack, 'Raw', { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' })), message: UNRECORDED },
  undecidable: (stack) => door(attribute(RECORDED, deployTimeValue(stack)))(stack),
  notApplicable: {
    'a load balancer before something else': (stack) => httpsListener(stack, { loadBalancerArn: loadBalancer(stack).ref, defaultActions: [forwardOn(stack)] }),
    'a load balancer that passes bytes on': (stack) => before(stack, loadBalancer(stack, { type: 'network' })),
  },
});
