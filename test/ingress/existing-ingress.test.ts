import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener, ApplicationListenerRule, ApplicationLoadBalancer, type ApplicationLoadBalancerProps, ApplicationProtocol, CfnListener, ListenerAction,
  ListenerCertificate, ListenerCondition, SslPolicy, TrustStore,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Authorizer, Exposure, Ingress, Route, Size, WebAcl } from '../../src';
import { ExistingIngress, type ExistingIngressProps } from '../../src/ingress/existing-ingress';
import { RESPONSE_HEADER_ATTRIBUTES } from '../../src/ingress/response-headers';
import { rulesOf, TARGET, TestNetwork } from '../support/ingress';
import { certificate, JWT } from '../support/remote-core';

const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

interface Shared {
  readonly network: TestNetwork;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly listener: ApplicationListener;
}

interface SharedOptions {
  readonly loadBalancer?: Partial<ApplicationLoadBalancerProps>;
  readonly defaultAction?: ListenerAction;
  readonly sslPolicy?: SslPolicy;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isProtected?: boolean;
}

/** A load balancer as its owners should have built it, but for what a test lays over it. */
function shared(stack: Stack, options: SharedOptions = {}): Shared {
  const network = new TestNetwork(stack, 'Network');
  const loadBalancer = new ApplicationLoadBalancer(stack, 'Shared', { vpc: network.vpc, vpcSubnets: network.ingressSubnets, dropInvalidHeaderFields: true, ...options.loadBalancer });
  const listener = loadBalancer.addListener('Https', {
    protocol: ApplicationProtocol.HTTPS, certificates: [ListenerCertificate.fromCertificateManager(certificate(stack))], sslPolicy: options.sslPolicy ?? SslPolicy.TLS13_13, open: false,
    defaultAction: options.defaultAction ?? ListenerAction.fixedResponse(403),
  });
  for (const [key, value] of Object.entries(options.headers ?? RESPONSE_HEADER_ATTRIBUTES)) listener.setAttribute(key, value);
  if (options.isProtected ?? true) new WebAcl(stack, 'WebAcl').protect(loadBalancer);
  return { network, loadBalancer, listener };
}

function attach(stack: Stack, { network, loadBalancer, listener }: Shared, props: Partial<ExistingIngressProps> = {}): ExistingIngress {
  const ingress = new ExistingIngress(stack, 'Ingress', {
    network, loadBalancer, listener, authorizer: Authorizer.jwt(JWT), domainName: 'core.acme.internal', routes: [Route.post('/v1/evaluate')], ...props,
  });
  ingress.forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' });
  return ingress;
}

function faults(options: SharedOptions, props: Partial<ExistingIngressProps> = {}, change: (parts: Shared) => void = () => undefined): () => unknown {
  return () => {
    const stack = new Stack();
    const parts = shared(stack, options);
    attach(stack, parts, props);
    change(parts);
    return Template.fromStack(stack);
  };
}

describe('ExistingIngress', () => {
  test('adds its routes and the admin cut-out to the listener, for its host name alone, and builds no load balancer', () => {
    const stack = new Stack();
    attach(stack, shared(stack));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    template.resourceCountIs(RULE, 2);
    template.hasResourceProperties(RULE, {
      ListenerArn: { Ref: Match.stringLikeRegexp('^SharedHttps') },
      Conditions: Match.arrayWith([{ Field: 'host-header', HostHeaderConfig: { Values: ['core.acme.internal'] } }, { Field: 'path-pattern', PathPatternConfig: { Values: ['/v1/evaluate'] } }]),
      Actions: [Match.objectLike({ Type: 'jwt-validation' }), Match.objectLike({ Type: 'forward' })],
    });
    template.hasResourceProperties(RULE, {
      Conditions: Match.arrayWith([{ Field: 'host-header', HostHeaderConfig: { Values: ['core.acme.internal'] } }, { Field: 'path-pattern', PathPatternConfig: { Values: ['/admin', '/admin/*'] } }]),
      Actions: [Match.objectLike({ Type: 'fixed-response' })],
    });
  });

  test('lets the load balancer ask the issuer', () => {
    const stack = new Stack();
    const parts = shared(stack);
    attach(stack, parts);
    expect(parts.network.names).toEqual(['core.acme.internal', 'login.acme.com']);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })] });
  });

  test('keeps to its share of the priorities', () => {
    const stack = new Stack();
    attach(stack, shared(stack), { priorityBase: 20_000, routes: [Route.get('/a'), Route.subtree('/')] });
    for (const { Priority } of Object.values(rulesOf(Template.fromStack(stack)))) {
      expect(Priority).toBeGreaterThan(20_000);
      expect(Priority).toBeLessThan(30_000);
    }
  });

  test.each([0, 40_002, 1.5])('refuses priorityBase %p', (priorityBase) => {
    const stack = new Stack();
    expect(() => attach(stack, shared(stack), { priorityBase })).toThrow(`Default/Ingress: priorityBase is ${priorityBase}. Name a whole number from 1 to 40001.`);
  });

  test('lets workloads in, and the number of tasks follow the requests', () => {
    const stack = new Stack();
    const parts = shared(stack);
    const ingress = attach(stack, parts);
    ingress.grantInvoke(new SecurityGroup(stack, 'Platform', { vpc: parts.network.vpc, allowAllOutbound: false }));
    const tasks = { scaleOnRequestCount: jest.fn() };
    ingress.scaleOnRequests(tasks as never, 600);
    expect(tasks.scaleOnRequestCount).toHaveBeenCalledWith('Requests', expect.objectContaining({ requestsPerTarget: 600 }));
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SharedSecurityGroup'), 'GroupId'] }, FromPort: 443,
      ToPort: 443 });
  });

  test('leaves nothing on the listener while exposure is off', () => {
    const stack = new Stack();
    const parts = shared(stack);
    const ingress = attach(stack, parts, { exposure: Exposure.OFF });
    ingress.grantInvoke(new SecurityGroup(stack, 'Platform', { vpc: parts.network.vpc, allowAllOutbound: false }));
    const template = Template.fromStack(stack);
    for (const type of [RULE, 'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::EC2::SecurityGroupIngress']) template.resourceCountIs(type, 0);
  });

  test('refuses client certificates, which a listener asks of everybody', () => {
    const stack = new Stack();
    const authorizer = Authorizer.trustStore(TrustStore.fromTrustStoreArn(stack, 'Store', 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:truststore/a/0123456789abcdef'));
    expect(() => attach(stack, shared(stack), { authorizer })).toThrow('Default/Ingress: authorizer is "by client certificates". A listener asks every caller for one or none');
  });

  test('refuses a network that the load balancer does not stand in', () => {
    const stack = new Stack();
    expect(() => attach(stack, shared(stack), { network: new TestNetwork(stack, 'Other') })).toThrow('network is "another VPC". The load balancer stands in another VPC');
  });

  test('is built from what Ingress.existing names and the context', () => {
    const stack = new Stack();
    const { network, loadBalancer, listener } = shared(stack);
    const ingress = Ingress.existing({ loadBalancer, listener, domainName: 'core.acme.internal', routes: [Route.get('/v1')] });
    expect([ingress._isInternetFacing, ingress._reachesInternet]).toEqual([false, false]);
    expect(ingress._bind(stack, 'Ingress', { network, authorizer: Authorizer.jwt(JWT), exposure: Exposure.OFF, size: Size.DEV }).exposure).toBe(Exposure.OFF);
  });
});

describe('A listener of the app', () => {
  test('is taken where it is fit', () => {
    expect(faults({})).not.toThrow();
    expect(faults({ sslPolicy: SslPolicy.FIPS_TLS13_13_PQ, headers: { ...RESPONSE_HEADER_ATTRIBUTES,
      'routing.http.response.strict_transport_security.header_value': 'includeSubDomains; max-age=63072000' } })).not.toThrow();
  });

  test.each<[string, SharedOptions, string]>([
    ['an old TLS policy', { sslPolicy: SslPolicy.RECOMMENDED }, 'SslPolicy is "ELBSecurityPolicy-2016-08", none that a TlsFloor stands for'],
    ['a default action that redirects', { defaultAction: ListenerAction.redirect({ host: 'acme.com' }) }, 'its default action does not answer 4xx by itself'],
    ['a default action that answers 200', { defaultAction: ListenerAction.fixedResponse(200) }, 'its default action does not answer 4xx by itself'],
    ['no security headers', { headers: {} }, 'routing.http.response.x_frame_options.header_value is not set, not "DENY"'],
    ['a short HSTS', { headers: { ...RESPONSE_HEADER_ATTRIBUTES, 'routing.http.response.strict_transport_security.header_value': 'max-age=60' } },
      'strict_transport_security.header_value is "max-age=60"'],
    ['invalid headers let through', { loadBalancer: { dropInvalidHeaderFields: false } }, 'routing.http.drop_invalid_header_fields.enabled is "false", not "true"'],
    ['an open WAF', { loadBalancer: { wafFailOpen: true } }, 'waf.fail_open.enabled is "true", not "false"'],
    ['no web ACL', { isProtected: false }, 'no web ACL is associated with the load balancer'],
  ])('is refused for %s', (_, options, fault) => {
    expect(faults(options)).toThrow(fault);
  });

  test('is refused for everything that is wrong at once', () => {
    expect(faults({ sslPolicy: SslPolicy.RECOMMENDED, headers: {}, isProtected: false, loadBalancer: { dropInvalidHeaderFields: false } })).toThrow(
      /Default\/Ingress: the listener or its load balancer is not fit for this\. SslPolicy is .*server\.enabled is not set.*drop_invalid_header_fields.*no web ACL/);
  });

  test('is refused for what an override makes of it afterwards', () => {
    expect(faults({}, {}, ({ listener }) => { (listener.node.defaultChild as CfnListener).addPropertyOverride('SslPolicy',
      'ELBSecurityPolicy-2016-08'); })).toThrow('SslPolicy is "ELBSecurityPolicy-2016-08"');
  });

  test('is refused for public addresses that nobody has asked for, and for none where they are meant', () => {
    expect(faults({}, { internetFacing: true })).toThrow('Scheme is "internal", not "internet-facing"');
    expect(faults({}, {}, ({ loadBalancer }) => { (loadBalancer.node.defaultChild as CfnListener).addPropertyOverride('Scheme',
      'internet-facing'); })).toThrow('say internetFacing: true if that is meant');
  });

  test('is refused where it belongs to another load balancer', () => {
    const stack = new Stack();
    const parts = shared(stack);
    const other = new ApplicationLoadBalancer(stack, 'Other', { vpc: parts.network.vpc, vpcSubnets: parts.network.ingressSubnets, dropInvalidHeaderFields: true });
    new WebAcl(stack, 'OtherAcl').protect(other);
    attach(stack, { ...parts, loadBalancer: other });
    expect(() => Template.fromStack(stack)).toThrow('the listener belongs to another load balancer');
  });

  test('is refused where somebody else\'s rule has one of the priorities', () => {
    const other = ({ listener, loadBalancer }: Shared, priority: number): void => {
      new ApplicationListenerRule(loadBalancer, 'Other', { listener, priority, conditions: [ListenerCondition.hostHeaders(['x.acme.internal'])], action: ListenerAction.fixedResponse(404) });
    };
    expect(faults({}, {}, (parts) => { other(parts, 500); })).toThrow('priority 500 is taken by Default/Shared/Other/Resource: name another priorityBase');
    expect(faults({}, { priorityBase: 1000 }, (parts) => { other(parts, 500); })).not.toThrow();
  });
});

describe('An imported listener', () => {
  test('is warned of, with what could not be verified', () => {
    const stack = new Stack(new App(), 'Imported');
    const network = new TestNetwork(stack, 'Network');
    const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
    const arn = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333';
    const listener = ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', { listenerArn: `${arn}:listener/app/shared/0123456789abcdef/fedcba9876543210`, securityGroup,
      defaultPort: 443 });
    const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Alb', {
      loadBalancerArn: `${arn}:loadbalancer/app/shared/0123456789abcdef`, securityGroupId: 'sg-0123456789abcdef0', loadBalancerDnsName: 'shared.elb.amazonaws.com',
      loadBalancerCanonicalHostedZoneId: 'Z1',
    });
    new ExistingIngress(stack, 'Ingress', { network, loadBalancer, listener, authorizer: Authorizer.jwt(JWT), domainName: 'core.acme.internal', routes: [Route.get('/v1')] })
      .forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' });
    Annotations.fromStack(stack).hasWarning('/Imported/Ingress',
      Match.stringLikeRegexp('Imported, so not verified: the listener: that it speaks HTTPS.*; the load balancer: its scheme.*cdk-secure-core check'));
    Template.fromStack(stack).resourceCountIs(RULE, 2);
  });

  test('is refused where two ingresses of the app would put rules at the same priorities', () => {
    const two = (listenerId: string, priorityBase: number) => (): Template => {
      const stack = new Stack(new App(), 'Imported');
      const network = new TestNetwork(stack, 'Network');
      const arn = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333';
      const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Alb', {
        loadBalancerArn: `${arn}:loadbalancer/app/shared/0123456789abcdef`, securityGroupId: 'sg-0',
      });
      for (const own of [{ id: 'one', listenerId: 'fedcba9876543210' }, { id: 'two', listenerId, priorityBase }]) {
        const securityGroup = SecurityGroup.fromSecurityGroupId(stack, `${own.id}Group`, 'sg-0');
        const listener = ApplicationListener.fromApplicationListenerAttributes(stack, `${own.id}Listener`, {
          listenerArn: `${arn}:listener/app/shared/0123456789abcdef/${own.listenerId}`, securityGroup,
        });
        new ExistingIngress(stack, own.id, {
          network, loadBalancer, listener, priorityBase: own.priorityBase, authorizer: Authorizer.jwt(JWT), domainName: `${own.id}.acme.internal`, routes: [Route.get('/v1')],
        }).forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' });
      }
      return Template.fromStack(stack);
    };
    expect(two('fedcba9876543210', 1)).toThrow(/priority \d+ is taken by Imported\/two\/Routes\/Admin\/Resource: name another priorityBase/);
    expect(two('fedcba9876543210', 20_000)).not.toThrow();
    expect(two('0000000000000000', 1)).not.toThrow();
  });

  test('is refused where its load balancer could not ask the issuer', () => {
    const stack = new Stack();
    const parts = shared(stack);
    expect(() => attach(stack, parts, { network: Object.assign(parts.network, { ingressReachesInternet: false }) }))
      .toThrow('Default/Ingress: network.ingressReachesInternet is false. The load balancer asks');
  });

  test('is not warned of where the app makes it', () => {
    const stack = new Stack(new App(), 'Own');
    attach(stack, shared(stack));
    Annotations.fromStack(stack).hasNoWarning('/Own/Ingress', Match.anyValue());
  });
});
