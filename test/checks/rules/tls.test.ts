import { CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnLoadBalancer as CfnClassicLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancing';
import { CfnTargetGroup, ListenerAction, ListenerCondition, Protocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AlbListenerTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { forward, listenerRule, redirect, validateJwt } from '../../support/actions';
import { alb, albListener, albTargets, CERTIFICATE, nlb, resourceOf } from '../../support/alb';
import { deployTimeValue, httpsListener, loadBalancer, targetGroup } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const IMPORTED = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/other/0123456789abcdef/0123456789abcdef';

/** A listener of another protocol than HTTPS, which then has neither certificate nor policy. */
const listener = (stack: Stack, protocol: string | undefined, props: Parameters<typeof httpsListener>[1] = {}) =>
  httpsListener(stack, { protocol, port: 80, sslPolicy: undefined, certificates: undefined, ...props });

/** A custom resource that answers like a listener: what it claims of itself proves nothing. */
const impostor = (stack: Stack) => new CfnResource(stack, 'Impostor', { type: 'Custom::Listener', properties: { Protocol: 'HTTPS' } });

describeRule('TLS-1.https-listener', {
  compliant: {
    'an HTTPS listener that forwards': (stack) => httpsListener(stack, { defaultActions: [forward(stack)] }),
    'an HTTPS listener as the CDK makes it': (stack) => albListener(stack, ListenerAction.forward([albTargets(stack)])),
    'a redirect as the CDK makes it': (stack) => alb(stack).addRedirect(),
    'a plain HTTP listener that forwards nothing': (stack) => listener(stack, 'HTTP'),
    'a rule on an HTTPS listener': (stack) => listenerRule(stack, httpsListener(stack).ref, [forward(stack)]),
    'a rule that names its listener by Fn::Sub': (stack) => {
      httpsListener(stack);
      listenerRule(stack, Fn.sub('${Listener}'), [forward(stack)]);
    },
    'a rule in another stack than its listener': (stack) => {
      const other = new Stack(stack.node.root, 'Other');
      listenerRule(other, httpsListener(stack).ref, [forward(other)]);
    },
    'a TLS listener of a network load balancer': (stack) => nlb(stack).addListener('Tls', {
      port: 443, protocol: Protocol.TLS, certificates: [CERTIFICATE],
    }).addTargets('Core', { port: 8443 }),
    'a network listener that passes on to an application load balancer': (stack) => nlb(stack).addListener('Tcp', { port: 443 })
      .addTargets('Alb', { port: 443, targets: [new AlbListenerTarget(albListener(stack))] }),
    'the same, written by hand': (stack) => listener(stack, 'TCP', { defaultActions: [{ type: 'forward', targetGroupArn: targetGroup(stack, { targetType: 'alb', protocol: 'TCP' }).ref }] }),
    'a QUIC listener': (stack) => listener(stack, 'QUIC', { defaultActions: [forward(stack)] }),
  },
  violating: {
    'a plain HTTP listener that forwards': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [forward(stack)] }), message: /forwards what arrives over plain HTTP/, severity: 'error' },
    'a plain HTTP listener as the CDK makes it': { build: (stack) => alb(stack).addListener('Http', { port: 80, defaultTargetGroups: [albTargets(stack)] }), message: /plain HTTP/ },
    'a weighted forward': {
      build: (stack) => listener(stack, 'HTTP', { defaultActions: [{ type: 'forward', forwardConfig: { targetGroups: [{ targetGroupArn: targetGroup(stack).ref, weight: 1 }] } }] }),
      message: /plain HTTP/,
    },
    'a forward behind a token check, which travels in clear': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [forward(stack), validateJwt()] }), message: /plain HTTP/ },
    'a rule that forwards from a listener that redirects': {
      build: (stack) => listenerRule(stack, listener(stack, 'HTTP', { defaultActions: [redirect()] }).ref, [forward(stack)]),
      message: /plain HTTP/,
    },
    'a rule in another stack than its plain listener': {
      build: (stack) => {
        const other = new Stack(stack.node.root, 'Other');
        listenerRule(other, listener(stack, 'HTTP').ref, [forward(other)]);
      },
      message: /plain HTTP/,
    },
    'a listener without a protocol': { build: (stack) => listener(stack, undefined), message: /names no Protocol/ },
  },
  override: {
    build: (stack) => resourceOf(albListener(stack, ListenerAction.forward([albTargets(stack)]))).addPropertyOverride('Protocol', 'HTTP'),
    message: /plain HTTP/,
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
      properties: { ListenerArn: listener(stack, 'HTTP').ref, Priority: 1, Conditions: [], Actions: [{ Type: 'forward', TargetGroupArn: targetGroup(stack).ref }] },
    }),
    message: /plain HTTP/,
  },
  undecidable: {
    'a protocol known at deployment': (stack) => listener(stack, deployTimeValue(stack), { defaultActions: [forward(stack)] }),
    'a rule on an imported listener': (stack) => listenerRule(stack, Fn.importValue('ListenerArn'), [forward(stack)]),
    'a rule on a listener named by its ARN': (stack) => listenerRule(stack, IMPORTED, [forward(stack)]),
    'a rule on something that only looks like a listener': (stack) => listenerRule(stack, impostor(stack).ref, [forward(stack)]),
    'a TCP listener': (stack) => listener(stack, 'TCP', { defaultActions: [forward(stack)] }),
    'a TCP listener that names no targets': (stack) => listener(stack, 'TCP', { defaultActions: [{ type: 'forward' }] }),
    'a TCP listener that passes only a part on to an application load balancer': (stack) => {
      const plain = new CfnTargetGroup(stack, 'Plain', { protocol: 'TCP', port: 8080, targetType: 'ip' });
      const targets = [targetGroup(stack, { targetType: 'alb', protocol: 'TCP' }), plain];
      listener(stack, 'TCP', { defaultActions: [{ type: 'forward', forwardConfig: { targetGroups: targets.map(({ ref }) => ({ targetGroupArn: ref, weight: 1 })) } }] });
    },
    'a TCP listener whose targets only look like a load balancer': (stack) => listener(stack, 'TCP', {
      defaultActions: [{ type: 'forward', targetGroupArn: new CfnResource(stack, 'Impostor', { type: 'Custom::Targets', properties: { TargetType: 'alb' } }).ref }],
    }),
  },
  notApplicable: {
    'a listener of a gateway load balancer, which takes no protocol': (stack) => httpsListener(stack, {
      loadBalancerArn: loadBalancer(stack, { type: 'gateway', scheme: undefined }).ref,
      protocol: undefined, port: undefined, sslPolicy: undefined, certificates: undefined, defaultActions: [forward(stack)],
    }),
  },
});

/** A classic load balancer with one listener, in the typed class. */
const classic = (stack: Stack, protocol: string) => new CfnClassicLoadBalancer(stack, 'Classic', { listeners: [{ protocol, loadBalancerPort: '443', instancePort: '8443' }] });

describeRule('TLS-1.classic-listener', {
  compliant: {
    'an HTTPS listener': (stack) => classic(stack, 'HTTPS'),
    'an SSL listener, in lower case': (stack) => classic(stack, 'ssl'),
  },
  violating: {
    'a plain HTTP listener': { build: (stack) => classic(stack, 'HTTP'), message: /forwards what arrives over plain HTTP/, severity: 'error' },
    'a plain HTTP listener, in lower case': { build: (stack) => classic(stack, 'http'), message: /plain HTTP/ },
    'a plain HTTP listener beside one that is not known': {
      build: (stack) => classic(stack, deployTimeValue(stack)).addPropertyOverride('Listeners.1', { Protocol: 'HTTP', LoadBalancerPort: '80', InstancePort: '80' }),
      message: /plain HTTP/,
    },
  },
  override: { build: (stack) => classic(stack, 'HTTPS').addPropertyOverride('Listeners.0.Protocol', 'HTTP'), message: /plain HTTP/ },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::ElasticLoadBalancing::LoadBalancer', properties: { Listeners: [{ LoadBalancerPort: '80', InstancePort: '80' }] } }),
    message: /names no protocol that encrypts/,
  },
  undecidable: {
    'a protocol known at deployment': (stack) => classic(stack, deployTimeValue(stack)),
    'a TCP listener': (stack) => classic(stack, 'TCP'),
  },
  notApplicable: { 'a load balancer of the next generation': (stack) => loadBalancer(stack) },
});

/** What is said of policies that are not in the list. */
const OTHER_POLICIES = {
  'TLS13-1-2-2021-06': 'admits TLS 1\\.2',
  'TLS13-1-0-2021-06': 'admits TLS 1\\.0',
  'TLS-1-1-2017-01': 'admits TLS 1\\.1',
  'FS-1-2-Res-2020-10': 'admits TLS 1\\.2',
  'FS-2018-06': 'admits TLS 1\\.0',
  '2015-05': 'admits TLS 1\\.0',
  '2016-08': 'admits TLS 1\\.0',
  'TLS13-1-3-2099-01': 'is not in the list of TLS 1\\.3 policies',
};

describeRule('TLS-2.policy', {
  compliant: {
    'the TLS 1.3 policy': (stack) => httpsListener(stack),
    'its post-quantum sibling': (stack) => httpsListener(stack, { sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09' }),
  },
  violating: {
    'a listener without a policy': { build: (stack) => httpsListener(stack, { sslPolicy: undefined }), message: /no SslPolicy/, severity: 'error' },
    'a policy that admits TLS 1.0': { build: (stack) => httpsListener(stack, { sslPolicy: 'ELBSecurityPolicy-2016-08' }), message: /ELBSecurityPolicy-2016-08/, severity: 'error' },
    ...Object.fromEntries(Object.entries(OTHER_POLICIES).map(([name, says]) => [
      name, { build: (stack: Stack) => httpsListener(stack, { sslPolicy: `ELBSecurityPolicy-${name}` }), message: new RegExp(`^ELBSecurityPolicy-${name} ${says}$`) },
    ])),
    'the restricted TLS 1.2 policy, as a warning': {
      build: (stack) => httpsListener(stack, { sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06' }),
      message: /admits TLS 1\.2/,
      severity: 'warning',
    },
  },
  override: {
    build: (stack) => httpsListener(stack).addPropertyOverride('SslPolicy', 'ELBSecurityPolicy-TLS-1-0-2015-04'),
    message: /TLS-1-0-2015-04 admits TLS 1\.0/,
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::ElasticLoadBalancingV2::Listener',
      properties: { LoadBalancerArn: loadBalancer(stack).ref, Protocol: 'HTTPS', Port: 443, DefaultActions: [] },
    }),
    message: /no SslPolicy/,
  },
  undecidable: (stack) => httpsListener(stack, { sslPolicy: deployTimeValue(stack) }),
  notApplicable: {
    'a plain HTTP listener': (stack) => httpsListener(stack, { protocol: 'HTTP', sslPolicy: undefined, certificates: undefined }),
  },
});

describeRule('TLS-4.redirect-only', {
  compliant: {
    'a permanent redirect to port 443': (stack) => listener(stack, 'HTTP', { defaultActions: [redirect()] }),
    'a redirect that renames the path and keeps the host': (stack) => listener(stack, 'HTTP', { defaultActions: [redirect({ host: '#{host}', path: '/core/#{path}' })] }),
    'the redirect that the CDK makes': (stack) => alb(stack).addRedirect(),
    'a rule that redirects': (stack) => listenerRule(stack, listener(stack, 'HTTP', { defaultActions: [redirect()] }).ref, [redirect()]),
  },
  violating: {
    'a listener that forwards': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [forward(stack)] }), message: /answers plain HTTP with forward/, severity: 'error' },
    'a listener that answers by itself': { build: (stack) => listener(stack, 'HTTP'), message: /answers plain HTTP with fixed-response/ },
    'a listener with a second action': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [redirect(), forward(stack)] }), message: /this has 2 actions/ },
    'a listener without any action': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [] }), message: /this has 0 actions/ },
    'a redirect to plain HTTP': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [redirect({ protocol: 'HTTP' })] }), message: /other than HTTPS/ },
    'a redirect that keeps the protocol': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [redirect({ protocol: '#{protocol}' })] }), message: /other than HTTPS/ },
    'a redirect without a protocol': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [redirect({ protocol: undefined })] }), message: /other than HTTPS/ },
    'a redirect that keeps the port': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [redirect({ port: '#{port}' })] }), message: /must name port 443/ },
    'a redirect without a port': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [redirect({ port: undefined })] }), message: /must name port 443/ },
    'a redirect to another host': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [redirect({ host: 'evil.example.com' })] }), message: /redirects to another host/ },
    'a temporary redirect': { build: (stack) => listener(stack, 'HTTP', { defaultActions: [redirect({ statusCode: 'HTTP_302' })] }), message: /must be HTTP_301/ },
    'a redirect as the CDK makes it, without the permanent flag': {
      build: (stack) => alb(stack).addListener('Http', { port: 80, defaultAction: ListenerAction.redirect({ protocol: 'HTTPS', port: '443' }) }),
      message: /must be HTTP_301/,
    },
    'a rule that answers on a listener that redirects': {
      build: (stack) => alb(stack).addRedirect().addAction('Rule', {
        priority: 1, conditions: [ListenerCondition.pathPatterns(['/health'])], action: ListenerAction.fixedResponse(200),
      }),
      message: /answers plain HTTP with fixed-response/,
    },
  },
  override: {
    build: (stack) => resourceOf(alb(stack).addRedirect()).addPropertyOverride('DefaultActions.0.RedirectConfig.StatusCode', 'HTTP_302'),
    message: /must be HTTP_301/,
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::ElasticLoadBalancingV2::Listener',
      properties: { LoadBalancerArn: loadBalancer(stack).ref, Protocol: 'HTTP', Port: 80, DefaultActions: [{ Type: 'redirect' }] },
    }),
    message: /other than HTTPS/,
  },
  undecidable: {
    'a port known at deployment': (stack) => listener(stack, 'HTTP', { defaultActions: [redirect({ port: deployTimeValue(stack) })] }),
    'a host known at deployment': (stack) => listener(stack, 'HTTP', { defaultActions: [redirect({ host: deployTimeValue(stack) })] }),
    'a protocol known at deployment': (stack) => listener(stack, deployTimeValue(stack)),
  },
  notApplicable: {
    'a rule on a listener that a parameter names': (stack) => listenerRule(stack, deployTimeValue(stack), [forward(stack)]),
    'a rule on an imported listener': (stack) => listenerRule(stack, Fn.importValue('ListenerArn'), [forward(stack)]),
    'an HTTPS listener': (stack) => httpsListener(stack),
    'a rule on a listener that is imported by its ARN': (stack) => listenerRule(stack, IMPORTED, [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '404' } }]),
  },
});
