import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnLogGroup, CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import { configured, gateTask } from '../../support/gated';
import { deployTimeValue, targetGroup } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const AUTH = 'filter @message like /(?i)auth/';
const ERRORS = 'filter @message like /(?i)error/';

/** A gate that logs somewhere, with queries that are saved for it. */
function reviewed(stack: Stack, queries: readonly string[], group: string = new CfnLogGroup(stack, 'Log').ref): CfnQueryDefinition[] {
  gateTask(stack, configured(), {}, { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': group } } });
  return queries.map((queryString, index) => new CfnQueryDefinition(stack, `Query${index}`, { name: `query-${index}`, queryString, logGroupNames: [group] }));
}

describeRule('MON-7.saved-queries', {
  compliant: { 'both reviews': (stack) => reviewed(stack, [AUTH, ERRORS]), 'one query for both': (stack) => reviewed(stack, ['filter @message like /auth|error/']) },
  violating: {
    'no query': { build: (stack) => reviewed(stack, []), message: /no query on who was refused and errors is saved/, severity: 'warning' },
    'no query for errors': { build: (stack) => reviewed(stack, [AUTH]), message: /no query on errors is saved/ },
    'no query for refusals': { build: (stack) => reviewed(stack, [ERRORS]), message: /no query on who was refused is saved/ },
    'queries for another group': {
      build: (stack) => {
        reviewed(stack, []);
        const other = new CfnLogGroup(stack, 'Other').ref;
        for (const queryString of [AUTH, ERRORS]) new CfnQueryDefinition(stack, queryString.length === AUTH.length ? 'Auth' : 'Errors', { name: 'query', queryString, logGroupNames: [other] });
      },
      message: /no query on who was refused and errors/,
    },
  },
  override: { build: (stack) => reviewed(stack, [AUTH, ERRORS])[1]?.addPropertyOverride('QueryString', 'limit 10'), message: /no query on errors/ },
  raw: {
    build: (stack) => {
      const group = new CfnResource(stack, 'Raw', { type: 'AWS::Logs::LogGroup' });
      reviewed(stack, [AUTH], group.ref);
    },
    message: /no query on errors/,
  },
  undecidable: {
    'a group known at deployment': (stack) => reviewed(stack, [AUTH, ERRORS], deployTimeValue(stack)),
    'a query for groups known at deployment': (stack) => {
      reviewed(stack, []);
      new CfnQueryDefinition(stack, 'Query', { name: 'query', queryString: AUTH }).addPropertyOverride('LogGroupNames', deployTimeValue(stack));
    },
  },
  notApplicable: { 'a gate whose log goes elsewhere': (stack) => gateTask(stack) },
});

const asked = (stack: Stack, healthCheckPath: string, httpCode = '200'): CfnTargetGroup => targetGroup(stack, { healthCheckPath, matcher: { httpCode } });
const TELLS = /tells whoever asks more than that the target is well/;

describeRule('MON-8.health-path', {
  compliant: {
    'the gate\'s own path': (stack) => asked(stack, '/.gate/health'),
    'a path of a Core': (stack) => asked(stack, '/health', '200-204'),
    'health of Spring\'s actuator': (stack) => asked(stack, '/actuator/health'),
    'what the service asks by itself': (stack) => targetGroup(stack),
  },
  violating: {
    'metrics': { build: (stack) => asked(stack, '/metrics'), message: TELLS, severity: 'warning' },
    'a version': { build: (stack) => asked(stack, '/api/version'), message: TELLS },
    'a description of the interface': { build: (stack) => asked(stack, '/openapi.json'), message: TELLS },
    'the environment': { build: (stack) => asked(stack, '/actuator/env'), message: TELLS },
    'a query': { build: (stack) => asked(stack, '/health?key=1'), message: /a check asks for one path/ },
    'a refusal that counts as well': { build: (stack) => asked(stack, '/health', '200,401'), message: /a target that answers anything but 2xx is not well/ },
    'a range up to errors': { build: (stack) => asked(stack, '/health', '200-499'), message: /is 200-499/ },
  },
  override: { build: (stack) => asked(stack, '/health').addPropertyOverride('HealthCheckPath', '/config'), message: TELLS },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::ElasticLoadBalancingV2::TargetGroup', properties: { Protocol: 'HTTP', HealthCheckPath: '/docs' } }), message: TELLS },
  undecidable: {
    'a path known at deployment': (stack) => asked(stack, deployTimeValue(stack)),
    'codes known at deployment': (stack) => asked(stack, '/health', deployTimeValue(stack)),
  },
  notApplicable: {
    'a target group without checks': (stack) => targetGroup(stack, { healthCheckEnabled: false, healthCheckPath: '/metrics' }),
    'a target group of TCP': (stack) => targetGroup(stack, { protocol: 'TCP' }),
  },
});
