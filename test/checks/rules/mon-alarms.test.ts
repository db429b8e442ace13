import { CfnResource, type Stack } from 'aws-cdk-lib';
import type { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnLogGroup, CfnMetricFilter } from 'aws-cdk-lib/aws-logs';
import { alarm, query } from '../../support/alarms';
import { forward } from '../../support/actions';
import { configured, GATE, gateTask, rawGateTask } from '../../support/gated';
import { deployTimeValue, httpsListener, loadBalancer } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const ELB = 'AWS/ApplicationELB';
const OWN = ['HTTPCode_ELB_4XX_Count', 'HTTPCode_ELB_5XX_Count'];
const ALL = [...OWN, 'HTTPCode_Target_4XX_Count', 'HTTPCode_Target_5XX_Count'];
const PROTECTED = { loadBalancerAttributes: [{ key: 'deletion_protection.enabled', value: 'true' }] };

const named = (value: string): CfnAlarm.DimensionProperty[] => [{ name: 'LoadBalancer', value }];

/** A load balancer that forwards, with an alarm on each of some metrics. */
function balanced(stack: Stack, metrics: readonly string[], props: object = {}): { readonly balancer: CfnLoadBalancer; readonly alarms: readonly CfnAlarm[] } {
  const balancer = loadBalancer(stack, props);
  httpsListener(stack, { loadBalancerArn: balancer.ref, defaultActions: [forward(stack)] });
  const alarms = metrics.map((metricName) => alarm(stack, { namespace: ELB, metricName, dimensions: named(balancer.attrLoadBalancerFullName) }, metricName.replaceAll('_', '')));
  return { balancer, alarms };
}

describeRule('MON-1.edge-errors', {
  compliant: {
    'an alarm on each': (stack) => balanced(stack, ALL),
    'one alarm on an expression of all': (stack) => {
      const { balancer } = balanced(stack, []);
      alarm(stack, { metricName: undefined, namespace: undefined, metrics: ALL.map((name, index) => query(`m${index}`, ELB, name, named(balancer.attrLoadBalancerFullName))) });
    },
    'a load balancer without targets, whose own errors are watched': (stack) => {
      const balancer = loadBalancer(stack);
      httpsListener(stack, { loadBalancerArn: balancer.ref });
      for (const metricName of OWN) alarm(stack, { namespace: ELB, metricName, dimensions: named(balancer.attrLoadBalancerFullName) }, metricName.replaceAll('_', ''));
    },
  },
  violating: {
    'no alarm': { build: (stack) => balanced(stack, []), message: /has no alarm on HTTPCode_ELB_4XX_Count, HTTPCode_ELB_5XX_Count, HTTPCode_Target_4XX_Count, HTTPCode_Target_5XX_Count/, severity: 'warning' },
    'one that is meant to last': { build: (stack) => balanced(stack, [], PROTECTED), message: /has no alarm/, severity: 'error' },
    'one missing': { build: (stack) => balanced(stack, ALL.slice(0, 3)), message: /has no alarm on HTTPCode_Target_5XX_Count, so/ },
    'alarms on another load balancer': {
      build: (stack) => {
        balanced(stack, []);
        for (const metricName of ALL) alarm(stack, { namespace: ELB, metricName, dimensions: named('app/other/0123456789abcdef') }, metricName.replaceAll('_', ''));
      },
      message: /has no alarm/,
    },
    'alarms on all load balancers together': {
      build: (stack) => {
        balanced(stack, []);
        for (const metricName of ALL) alarm(stack, { namespace: ELB, metricName }, metricName.replaceAll('_', ''));
      },
      message: /has no alarm/,
    },
    'a metric that another one is weighed by': {
      build: (stack) => {
        const { balancer } = balanced(stack, ALL.slice(1));
        const parts = [...OWN].reverse().map((name, index) => query(`m${index}`, ELB, name, named(balancer.attrLoadBalancerFullName)));
        alarm(stack, { metricName: undefined, namespace: undefined, metrics: [{ id: 'share', expression: 'IF(m0 + m1 >= 20, 100 * m0 / (m0 + m1), 0)' }, ...parts] }, 'Share');
      },
      message: /has no alarm on HTTPCode_ELB_4XX_Count, so/,
    },
    'a metric of that name in another namespace': {
      build: (stack) => {
        const { balancer } = balanced(stack, ALL.slice(1));
        alarm(stack, { namespace: 'Acme', metricName: OWN[0], dimensions: named(balancer.attrLoadBalancerFullName) });
      },
      message: /has no alarm on HTTPCode_ELB_4XX_Count, so/,
    },
  },
  override: { build: (stack) => balanced(stack, ALL).alarms[0]?.addPropertyOverride('MetricName', 'RequestCount'), message: /has no alarm on HTTPCode_ELB_4XX_Count, so/ },
  raw: {
    build: (stack) => {
      const raw = new CfnResource(stack, 'Raw', { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', properties: {} });
      httpsListener(stack, { loadBalancerArn: raw.ref });
    },
    message: /has no alarm on HTTPCode_ELB_4XX_Count, HTTPCode_ELB_5XX_Count, so/,
  },
  undecidable: {
    'the load balancer of an alarm': (stack) => {
      balanced(stack, ALL.slice(1));
      alarm(stack, { namespace: ELB, metricName: OWN[0], dimensions: named(deployTimeValue(stack)) });
    },
    'the metric of an alarm': (stack) => balanced(stack, ALL).alarms[0]?.addPropertyOverride('MetricName', deployTimeValue(stack)),
  },
  notApplicable: {
    'a load balancer without listeners': (stack) => loadBalancer(stack),
    'a network load balancer': (stack) => httpsListener(stack, { loadBalancerArn: loadBalancer(stack, { type: 'network' }).ref }),
  },
});

const BLOCKED = 'gateway_key_auth_blocked_total';
const { namespace } = GATE.metrics;

/** A gate whose log a filter reads, and an alarm on what the filter makes of it. */
function filtered(stack: Stack, filterPattern: string, metricNamespace = 'Acme'): void {
  const group = new CfnLogGroup(stack, 'Log');
  gateTask(stack, configured(), {}, { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': group.ref } } });
  new CfnMetricFilter(stack, 'Filter', { logGroupName: group.ref, filterPattern, metricTransformations: [{ metricName: 'Refused', metricNamespace, metricValue: '1' }] });
  alarm(stack, { namespace: 'Acme', metricName: 'Refused' });
}

describeRule('MON-2.auth-failures', {
  compliant: {
    'an alarm on the gate\'s metric': (stack) => {
      gateTask(stack);
      alarm(stack, { namespace, metricName: BLOCKED });
    },
    'an expression with it': (stack) => {
      gateTask(stack);
      alarm(stack, { metricName: undefined, namespace: undefined, metrics: [query('m1', namespace, BLOCKED)] });
    },
    'a filter of its log': (stack) => filtered(stack, '{ $.outcome = "refused" }'),
  },
  violating: {
    'no alarm': { build: (stack) => gateTask(stack), message: /no alarm looks at gateway_key_auth_blocked_total of SecureCore\/Gate/, severity: 'warning' },
    'one that is meant to last': {
      build: (stack) => {
        gateTask(stack);
        loadBalancer(stack, PROTECTED);
      },
      message: /no alarm looks at/, severity: 'error',
    },
    'an alarm of another gate': {
      build: (stack) => {
        gateTask(stack);
        alarm(stack, { namespace: 'SecureCore/Other', metricName: BLOCKED });
      },
      message: /no alarm looks at/,
    },
    'a filter that looks for something else': { build: (stack) => filtered(stack, '{ $.event = "metrics" }'), message: /no alarm looks at/ },
    'a filter whose metric goes elsewhere': { build: (stack) => filtered(stack, 'refused', 'Elsewhere'), message: /no alarm looks at/ },
  },
  override: {
    build: (stack) => {
      gateTask(stack);
      alarm(stack, { namespace, metricName: BLOCKED }).addPropertyOverride('MetricName', 'gateway_key_auth_allowed_total');
    },
    message: /no alarm looks at/,
  },
  raw: { build: (stack) => rawGateTask(stack, GATE), message: /no alarm looks at/ },
  undecidable: {
    'a configuration known at deployment': (stack) => gateTask(stack, deployTimeValue(stack)),
    'an alarm whose metric is known at deployment': (stack) => {
      gateTask(stack);
      alarm(stack, { namespace, metricName: deployTimeValue(stack) });
    },
  },
});
