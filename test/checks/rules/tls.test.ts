import { CfnResource } from 'aws-cdk-lib';
import { deployTimeValue, httpsListener, loadBalancer } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

describeRule('TLS-2.policy', {
  compliant: {
    'the TLS 1.3 policy': (stack) => httpsListener(stack),
    'its post-quantum sibling': (stack) => httpsListener(stack, { sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09' }),
  },
  violating: {
    'a listener without a policy': { build: (stack) => httpsListener(stack, { sslPolicy: undefined }), message: /no SslPolicy/, severity: 'error' },
    'a policy that admits TLS 1.0': { build: (stack) => httpsListener(stack, { sslPolicy: 'ELBSecurityPolicy-2016-08' }), message: /ELBSecurityPolicy-2016-08/, severity: 'error' },
    'the restricted TLS 1.2 policy, as a warning': {
      build: (stack) => httpsListener(stack, { sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06' }),
      message: /admits TLS 1\.2/,
      severity: 'warning',
    },
  },
  override: {
    build: (stack) => httpsListener(stack).addPropertyOverride('SslPolicy', 'ELBSecurityPolicy-TLS-1-0-2015-04'),
    message: /TLS-1-0/,
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
