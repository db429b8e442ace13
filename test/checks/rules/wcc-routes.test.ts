import { type Stack } from 'aws-cdk-lib';
import { brokered, brokerGroup, CHECKOUT, ringOf, route } from '../../support/brokered';
import { forwardOn, openRule } from '../../support/gated';
import { deployTimeValue, httpsListener } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { written } from '../../support/written';

const routed = (options: Partial<typeof CHECKOUT>) => (stack: Stack): unknown => route(stack, { ...CHECKOUT, ...options });

describeRule('WCC-2.exact-routes', {
  compliant: {
    'a path of the protocol': (stack) => route(stack),
    'all of its paths': routed({ paths: ['/worker/register', '/worker/exit', '/credentials/checkout', '/credentials/renew', '/credentials/release'] }),
    'callers that the rule names': routed({ sources: ['10.20.0.0/16'], cidrIp: '0.0.0.0/0' }),
  },
  violating: {
    'a pattern of paths': { build: routed({ paths: ['/credentials/*'] }), message: /is \/credentials\/\*, and a broker answers at/, severity: 'error' },
    'another path': { build: routed({ paths: ['/credentials/checkout', '/jobs'] }), message: /is \/jobs, and a broker answers at/ },
    'every path': { build: (stack) => route(stack, { methods: ['POST'] }), message: /name no path/ },
    'GET': { build: routed({ methods: ['POST', 'GET'] }), message: /is GET, and a broker takes POST alone/ },
    'every method': { build: (stack) => route(stack, { paths: ['/worker/exit'] }), message: /name no method/ },
    'the internet': { build: routed({ cidrIp: '0.0.0.0/0' }), message: /let the whole internet ask for credentials/ },
    'paths that are rewritten': { build: (stack) => route(stack).addPropertyOverride('Transforms', [{ Type: 'url-rewrite' }]), message: /change what was signed/ },
    'headers of which the last one counts': {
      build: (stack) => {
        route(stack);
        brokerGroup(stack).targetGroupAttributes = [];
      },
      message: /does not turn on lambda\.multi_value_headers\.enabled/,
    },
    'an alias of the broker': {
      build: (stack) => {
        const alias = written(stack, 'Alias', 'AWS::Lambda::Alias', { FunctionName: brokered(stack).ref });
        route(stack, { ...CHECKOUT, methods: ['GET'] }, alias.ref);
      },
      message: /is GET/,
    },
    'everything, by default': { build: (stack) => httpsListener(stack, { defaultActions: [{ type: 'forward', targetGroupArn: brokerGroup(stack).ref }] }), message: /leads everything that no rule takes to the broker/ },
  },
  override: { build: (stack) => route(stack).addPropertyOverride('Conditions.1.PathPatternConfig.Values', ['/credentials/*']), message: /is \/credentials\/\*/ },
  raw: {
    build: (stack) => {
      const group = written(stack, 'Raw', 'AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'lambda', Targets: [{ Id: brokered(stack).getAtt('Arn') }] });
      written(stack, 'RawRule', 'AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: httpsListener(stack).ref, Priority: 1, Actions: [{ Type: 'forward', TargetGroupArn: group.ref }] });
    },
    message: /name no path/,
  },
  undecidable: {
    'a path known at deployment': (stack) => routed({ paths: [deployTimeValue(stack)] })(stack),
    'a method known at deployment': (stack) => routed({ methods: [deployTimeValue(stack)] })(stack),
  },
  notApplicable: {
    'what forwards to something else': (stack) => {
      brokered(stack);
      openRule(stack, { methods: ['GET'] });
    },
    'what forwards where there is no broker': (stack) => {
      ringOf(stack);
      httpsListener(stack, { defaultActions: [forwardOn(stack)] });
    },
  },
});
