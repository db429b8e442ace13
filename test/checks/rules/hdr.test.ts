import { CfnResource, type Stack } from 'aws-cdk-lib';
import { type CfnListener, ListenerAction, Protocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { alb, albListener, CERTIFICATE, nlb, resourceOf } from '../../support/alb';
import { deployTimeValue, httpsListener, loadBalancer } from '../../support/load-balancing';
import { describeRule, type RuleCases } from '../../support/rule-cases';

const HSTS = 'routing.http.response.strict_transport_security.header_value';

/** An HTTPS listener that sends these headers; more than one stands for an attribute given more than once. */
const sending = (...headers: readonly string[]) => (stack: Stack): CfnListener =>
  httpsListener(stack, { listenerAttributes: headers.map((value) => ({ key: HSTS, value })) });

describeRule('HDR-5.hsts', {
  compliant: {
    'a year': sending('max-age=31536000'),
    'two years, subdomains and preload': sending('max-age=63072000; includeSubDomains; preload'),
    'directives in another order and spelling': sending('includeSubDomains ; Max-Age="31536000"'),
    'a listener as the CDK makes it': (stack) => alb(stack).addListener('Https', {
      port: 443, certificates: [CERTIFICATE], defaultAction: ListenerAction.fixedResponse(404),
    }).setAttribute(HSTS, 'max-age=31536000'),
    'another attribute beside it': (stack) => httpsListener(stack, {
      listenerAttributes: [{ key: 'routing.http.response.server.enabled', value: 'false' }, { key: HSTS, value: 'max-age=31536000' }],
    }),
  },
  violating: {
    'a listener without attributes': { build: (stack) => httpsListener(stack), message: /sends no Strict-Transport-Security/, severity: 'error' },
    'a listener as the CDK makes it by default': { build: (stack) => albListener(stack), message: /sends no Strict-Transport-Security/ },
    'a listener with other attributes only': {
      build: (stack) => httpsListener(stack, { listenerAttributes: [{ key: 'routing.http.response.server.enabled', value: 'false' }] }),
      message: /sends no Strict-Transport-Security/,
    },
    'an attribute without a value': { build: (stack) => httpsListener(stack, { listenerAttributes: [{ key: HSTS }] }), message: /sends no Strict-Transport-Security/ },
    'an empty header': { build: sending(''), message: /does not ask for a year/ },
    'a second less than a year': { build: sending('max-age=31535999'), message: /does not ask for a year/ },
    'a lifetime of zero, which ends HSTS': { build: sending('max-age=0; includeSubDomains'), message: /does not ask for a year/ },
    'a header without max-age': { build: sending('includeSubDomains; preload'), message: /does not ask for a year/ },
    'a negative lifetime': { build: sending('max-age=-31536000'), message: /does not ask for a year/ },
    'another directive that ends in max-age': { build: sending('x-max-age=31536000'), message: /does not ask for a year/ },
    'half a quotation': { build: sending('max-age="31536000'), message: /does not ask for a year/ },
    'max-age named twice': { build: sending('max-age=31536000; max-age=0'), message: /does not ask for a year/ },
    'the attribute given twice, the second time wrong': { build: sending('max-age=31536000', 'max-age=0'), message: /"max-age=0" does not ask for a year/ },
  },
  override: {
    build: (stack) => {
      const listener = albListener(stack);
      listener.setAttribute(HSTS, 'max-age=31536000');
      resourceOf(listener).addPropertyOverride('ListenerAttributes', [{ Key: HSTS, Value: 'max-age=60' }]);
    },
    message: /"max-age=60" does not ask for a year/,
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::ElasticLoadBalancingV2::Listener',
      properties: { LoadBalancerArn: loadBalancer(stack).ref, Protocol: 'HTTPS', Port: 443, DefaultActions: [] },
    }),
    message: /sends no Strict-Transport-Security/,
  },
  undecidable: {
    'a header known at deployment': (stack) => sending(deployTimeValue(stack))(stack),
    'a lifetime known at deployment': (stack) => sending(`max-age=${deployTimeValue(stack)}`)(stack),
    'a protocol known at deployment': (stack) => httpsListener(stack, { protocol: deployTimeValue(stack) }),
  },
  notApplicable: {
    'a plain HTTP listener': (stack) => alb(stack).addRedirect(),
    'a TLS listener, which knows no headers': (stack) => nlb(stack).addListener('Tls', { port: 443, protocol: Protocol.TLS, certificates: [CERTIFICATE] }).addTargets('Core', { port: 8443 }),
  },
});

interface FixedHeader {
  readonly attribute: string;
  /** The one value that will do. */
  readonly value: string;
  /** Values of the header that are weaker, or that no browser acts on. */
  readonly weaker: readonly string[];
  readonly absent: RegExp;
  readonly wrong: RegExp;
}

/** The cases of a header of which one value is right: the service takes it in one spelling. */
function fixedHeader({ attribute, value, weaker, absent, wrong }: FixedHeader): RuleCases {
  const sends = (...values: readonly (string | undefined)[]) => (stack: Stack): CfnListener =>
    httpsListener(stack, { listenerAttributes: values.map((each) => ({ key: attribute, value: each })) });
  return {
    compliant: {
      [value]: sends(value),
      'a listener as the CDK makes it': (stack) => {
        albListener(stack).setAttribute(attribute, value);
      },
      'another attribute beside it': (stack) => httpsListener(stack, { listenerAttributes: [{ key: HSTS, value: 'max-age=0' }, { key: attribute, value }] }),
    },
    violating: {
      'a listener without attributes': { build: (stack) => httpsListener(stack), message: absent, severity: 'warning' },
      'a listener as the CDK makes it by default': { build: (stack) => albListener(stack), message: absent },
      'a listener with other attributes only': { build: sending('max-age=31536000'), message: absent },
      'an attribute without a value': { build: sends(undefined), message: absent },
      'an empty header': { build: sends(''), message: wrong },
      'a plain listener that answers': { build: (stack) => httpsListener(stack, { protocol: 'HTTP', certificates: undefined, sslPolicy: undefined }), message: absent },
      ...Object.fromEntries(weaker.map((each) => [`"${each}"`, { build: sends(each), message: wrong }])),
      'the attribute given twice, the second time wrong': { build: sends(value, ''), message: wrong },
    },
    override: {
      build: (stack) => {
        const listener = albListener(stack);
        listener.setAttribute(attribute, value);
        resourceOf(listener).addPropertyOverride('ListenerAttributes', [{ Key: attribute, Value: 'off' }]);
      },
      message: wrong,
    },
    raw: {
      build: (stack) => new CfnResource(stack, 'Raw', {
        type: 'AWS::ElasticLoadBalancingV2::Listener',
        properties: { LoadBalancerArn: loadBalancer(stack).ref, Protocol: 'HTTPS', Port: 443, DefaultActions: [] },
      }),
      message: absent,
    },
    undecidable: {
      'a header known at deployment': (stack) => sends(deployTimeValue(stack))(stack),
      'a protocol known at deployment': (stack) => httpsListener(stack, { protocol: deployTimeValue(stack) }),
    },
    notApplicable: {
      'a plain HTTP listener': (stack) => alb(stack).addRedirect(),
      'a TLS listener, which knows no headers': (stack) => nlb(stack).addListener('Tls', { port: 443, protocol: Protocol.TLS, certificates: [CERTIFICATE] }).addTargets('Core', { port: 8443 }),
    },
  };
}

describeRule('HDR-3.nosniff', fixedHeader({
  attribute: 'routing.http.response.x_content_type_options.header_value',
  value: 'nosniff',
  weaker: ['sniff', 'NOSNIFF', 'nosniff, nosniff'],
  absent: /sends no X-Content-Type-Options/,
  wrong: /is not nosniff/,
}));

describeRule('HDR-4.frame-deny', fixedHeader({
  attribute: 'routing.http.response.x_frame_options.header_value',
  value: 'DENY',
  weaker: ['SAMEORIGIN', 'ALLOW-FROM https://app.example.com', 'deny', 'DENY, SAMEORIGIN'],
  absent: /sends no X-Frame-Options/,
  wrong: /is not DENY/,
}));
