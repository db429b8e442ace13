import { CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { type CfnListener, CfnListenerRule, ListenerAction, ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { authenticateOidc, forward, redirect, validateJwt } from '../../support/actions';
import { albListener, albTargets, nlb, resourceOf } from '../../support/alb';
import { deployTimeValue, httpsListener, targetGroup } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type RuleProps = ConstructorParameters<typeof CfnListenerRule>[2];
type Conditions = CfnListenerRule.RuleConditionProperty[];

const OPEN = /forwards requests for \/admin too/;
const IMPORTED = (): string => Fn.importValue('ListenerArn');

const paths = (...values: string[]): Conditions[number] => ({ field: 'path-pattern', pathPatternConfig: { values } });
const hosts = (...values: string[]): Conditions[number] => ({ field: 'host-header', hostHeaderConfig: { values } });
const methods = (...values: string[]): Conditions[number] => ({ field: 'http-request-method', httpRequestMethodConfig: { values } });
const CATCH_ALL = paths('/*');
const ADMIN = paths('/admin', '/admin/*');

const notFound = { type: 'fixed-response', fixedResponseConfig: { statusCode: '404' } };

interface Written extends Partial<RuleProps> {
  /** What stands before the forward. */
  readonly proof?: ReturnType<typeof validateJwt>;
}

/** A listener that answers 404, with these rules; a rule forwards for a token unless told otherwise. */
function rules(stack: Stack, ...all: readonly Written[]): CfnListenerRule[] {
  const listener = httpsListener(stack);
  const group = forward(stack);
  return all.map(({ proof = validateJwt(), ...props }, index) => new CfnListenerRule(stack, `Rule${index}`, {
    listenerArn: listener.ref, priority: index + 1, conditions: [CATCH_ALL], actions: [proof, group], ...props,
  }));
}

const cutOut = (...conditions: Conditions): Partial<RuleProps> => ({ conditions, actions: [notFound] });
const taking = (stack: Stack, ...defaultActions: ReturnType<typeof forward>[]): CfnListener => httpsListener(stack, { defaultActions });

describeRule('IDN-10.admin-plane', {
  compliant: {
    'a rule for other paths': (stack) => rules(stack, { conditions: [paths('/v1/*', '/health')] }),
    'a rule for other paths on an imported listener': (stack) => rules(stack, { listenerArn: IMPORTED(), conditions: [paths('/v1/*')] }),
    'paths written in the old way': (stack) => rules(stack, { conditions: [{ field: 'path-pattern', values: ['/v1/*'] }] }),
    'a catch-all behind a rule that answers 404': (stack) => rules(stack, cutOut(ADMIN), {}),
    'a catch-all behind two rules, one for each part': (stack) => rules(stack, cutOut(paths('/admin')), cutOut(paths('/admin/*')), {}),
    'a default action behind a rule that answers 404': (stack) => {
      const listener = taking(stack, validateJwt(), forward(stack));
      new CfnListenerRule(stack, 'Rule', { listenerArn: listener.ref, priority: 1, conditions: [ADMIN], actions: [notFound] });
    },
    'a catch-all behind a login': (stack) => rules(stack, { conditions: [ADMIN], proof: authenticateOidc() }, {}),
    'a login for everything': (stack) => rules(stack, { proof: authenticateOidc('deny') }),
    'a rule for some addresses': (stack) => rules(stack, { conditions: [CATCH_ALL, { field: 'source-ip', sourceIpConfig: { values: ['10.1.0.0/16'] } }] }),
    'a cut-out for the same host': (stack) => rules(stack, cutOut(hosts('core.acme.internal', 'b'), ADMIN), { conditions: [hosts('Core.acme.internal'), CATCH_ALL] }),
    'a cut-out for every host, written out': (stack) => rules(stack, cutOut(hosts('*'), ADMIN), {}),
    'a cut-out for a method beside a route of that method': (stack) => rules(stack, cutOut(methods('GET', 'POST'), ADMIN), { conditions: [methods('GET'), CATCH_ALL] }),
    'a cut-out on the same imported listener': (stack) => rules(stack, { listenerArn: IMPORTED(), ...cutOut(ADMIN) }, { listenerArn: IMPORTED() }),
    'a route below the plane behind a cut-out': (stack) => rules(stack, cutOut(paths('/admin/*')), { conditions: [paths('/admin/keys')] }),
    'a cut-out beside one that cannot be read': (stack) => rules(stack, { ...cutOut(ADMIN), conditions: [paths(deployTimeValue(stack))] }, cutOut(ADMIN), {}),
    'a host that only a deployment knows, the same in both': (stack) => {
      const host = deployTimeValue(stack);
      rules(stack, cutOut(hosts(host), ADMIN), { conditions: [hosts(host), CATCH_ALL] });
    },
    'the constructs of the CDK': (stack) => {
      const listener = albListener(stack, ListenerAction.forward([albTargets(stack)]));
      listener.addAction('Admin', { priority: 1, conditions: [ListenerCondition.pathPatterns(['/admin', '/admin/*'])], action: ListenerAction.fixedResponse(404) });
    },
  },
  violating: {
    'a default action that forwards': { build: (stack) => taking(stack, validateJwt(), forward(stack)), message: OPEN, severity: 'error' },
    'a listener as the CDK makes it': { build: (stack) => albListener(stack, ListenerAction.forward([albTargets(stack)])), message: OPEN },
    'a rule for a host and no path': { build: (stack) => rules(stack, { conditions: [hosts('core.acme.internal')] }), message: OPEN },
    'a catch-all': { build: (stack) => rules(stack, {}), message: OPEN },
    'the plane itself behind a token': { build: (stack) => rules(stack, { conditions: [ADMIN] }), message: OPEN },
    'a route below the plane': { build: (stack) => rules(stack, { conditions: [paths('/v1/*', '/admin/keys')] }), message: OPEN },
    'a wildcard that reaches it': { build: (stack) => rules(stack, { conditions: [paths('/a*')] }), message: OPEN },
    'a cut-out that comes later': { build: (stack) => rules(stack, {}, cutOut(ADMIN)), message: OPEN },
    'a cut-out of the path alone': { build: (stack) => rules(stack, cutOut(paths('/admin')), {}), message: OPEN },
    'a cut-out of what is below alone': { build: (stack) => rules(stack, cutOut(paths('/admin/*')), {}), message: OPEN },
    'a cut-out for another host': { build: (stack) => rules(stack, cutOut(hosts('a'), ADMIN), { conditions: [hosts('a', 'b'), CATCH_ALL] }), message: OPEN },
    'a cut-out for one host beside a route for all': { build: (stack) => rules(stack, cutOut(hosts('a'), ADMIN), {}), message: OPEN },
    'a cut-out for one method': { build: (stack) => rules(stack, cutOut(methods('GET'), ADMIN), {}), message: OPEN },
    'a cut-out for requests with some header': {
      build: (stack) => rules(stack, cutOut({ field: 'http-header', httpHeaderConfig: { httpHeaderName: 'x', values: ['y'] } }, ADMIN), {}), message: OPEN,
    },
    'a login that lets strangers pass': { build: (stack) => rules(stack, { conditions: [ADMIN], proof: authenticateOidc('allow') }), message: OPEN },
    'a cut-out that forwards by itself': { build: (stack) => rules(stack, { conditions: [ADMIN] }, {}), message: OPEN },
    'a login after the forward': { build: (stack) => rules(stack, { conditions: [ADMIN], proof: { ...authenticateOidc(), order: 3 } }), message: OPEN },
    'a cut-out on another listener': {
      build: (stack) => rules(stack, { ...cutOut(ADMIN), listenerArn: IMPORTED() }, {}), message: OPEN,
    },
  },
  override: {
    build: (stack) => {
      const listener = albListener(stack, ListenerAction.forward([albTargets(stack)]));
      listener.addAction('Admin', { priority: 1, conditions: [ListenerCondition.pathPatterns(['/admin', '/admin/*'])], action: ListenerAction.fixedResponse(404) });
      resourceOf(listener.node.findChild('AdminRule')).addPropertyOverride('Conditions.0.PathPatternConfig.Values.1', '/admin/keys');
    },
    message: OPEN,
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
      properties: {
        ListenerArn: httpsListener(stack).ref, Priority: 1, Conditions: [{ Field: 'path-pattern', Values: ['/admin/*'] }], Actions: [{ Type: 'forward', TargetGroupArn: targetGroup(stack).ref }],
      },
    }),
    message: OPEN,
  },
  undecidable: {
    'a path known at deployment': (stack) => rules(stack, { conditions: [paths(deployTimeValue(stack))] }),
    'a regular expression': (stack) => rules(stack, { conditions: [{ field: 'path-pattern', regexValues: ['^/v1'] }] }),
    'a path that is rewritten': (stack) => rules(stack, { conditions: [paths('/v1/*')] })[0]?.addPropertyOverride('Transforms', [{ Type: 'url-rewrite' }]),
    'a catch-all on an imported listener': (stack) => rules(stack, { listenerArn: IMPORTED() }),
    'a cut-out whose place in the order is known at deployment': (stack) => rules(stack, cutOut(ADMIN), {})[0]?.addPropertyOverride('Priority', deployTimeValue(stack)),
    'a cut-out whose action is known at deployment': (stack) => rules(stack, { conditions: [ADMIN], actions: [{ type: deployTimeValue(stack) }] }, {})[0],
  },
  notApplicable: {
    'a listener that forwards nothing': (stack) => httpsListener(stack),
    'a redirect': (stack) => httpsListener(stack, { protocol: 'HTTP', port: 80, defaultActions: [redirect()] }),
    'a network listener': (stack) => nlb(stack).addListener('Tcp', { port: 443 }).addTargets('Core', { port: 8443 }),
  },
});
