import { Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Egress } from '../../src/network/egress';
import { LlmProvider, PROVIDER_DOMAINS } from '../../src/network/llm-providers';
import { PrivateNetwork } from '../../src/network/private-network';
import type { PrivateNetworkProps } from '../../src/network/private-network-props';
import { egressOf, regional, workload } from '../support/network-stack';

const EXAMPLE = Egress.allowDomains(['api.example.com', '.example.org']);

function built(props: PrivateNetworkProps = {}): { readonly stack: Stack; readonly template: Template } {
  const stack = regional();
  new PrivateNetwork(stack, 'Network', props);
  return { stack, template: Template.fromStack(stack) };
}

function domainsOf(template: Template): unknown[] {
  const [list] = Object.values(template.findResources('AWS::Route53Resolver::FirewallDomainList', { Properties: { Domains: Match.arrayWith(['*.api.aws']) } }));
  return (list?.Properties as { Domains: unknown[] }).Domains;
}

interface RouteProps {
  readonly RouteTableId: { readonly Ref: string };
  readonly DestinationCidrBlock: string;
  readonly VpcEndpointId?: unknown;
  readonly NatGatewayId?: { readonly Ref: string };
  readonly GatewayId?: { readonly Ref: string };
}

/** Every route as `from → destination via what`, with what stands in a firewall's zone named by that zone. */
function routesOf(template: Template): string[] {
  const short = (id: string): string => /(Ingress|Core|Data|Nat|Public|Firewall)Subnet(\d)/.exec(id)?.slice(1).join('') ?? id;
  return Object.values(template.findResources('AWS::EC2::Route')).map(({ Properties }) => Properties as RouteProps).map((route) => {
    const zone = /Zone(\d)/.exec(JSON.stringify(route.VpcEndpointId ?? ''))?.[1];
    const via = zone === undefined ? short(route.NatGatewayId?.Ref ?? 'internet') : `firewall${zone}`;
    return `${short(route.RouteTableId.Ref)} → ${route.DestinationCidrBlock} via ${via}`;
  }).sort();
}

describe('Egress.none()', () => {
  test('is the default: no firewall, no route, and nobody outside the VPC is answered for', () => {
    const { template } = built();
    for (const type of ['AWS::NetworkFirewall::Firewall', 'AWS::EC2::NatGateway', 'AWS::EC2::Route']) template.resourceCountIs(type, 0);
    expect(domainsOf(template)).toEqual([{ 'Fn::Join': ['', ['*.', { Ref: 'AWS::URLSuffix' }]] }, '*.api.aws', '*.compute.internal', '*.ec2.internal']);
    expect(built({ coreEgress: Egress.none(), dataEgress: Egress.none() }).template.toJSON()).toEqual(template.toJSON());
  });

  test('answers for allowed names, then for no other', () => {
    const { template } = built();
    template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroup', {
      FirewallRules: [
        { Action: 'ALLOW', Priority: 1, FirewallDomainListId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Allowed'), 'Id'] }, FirewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN' },
        { Action: 'BLOCK', BlockResponse: 'NXDOMAIN', Priority: 2, FirewallDomainListId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Everything'), 'Id'] } },
      ],
    });
    template.hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', { Domains: ['*'] });
    template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroupAssociation', { VpcId: { Ref: Match.stringLikeRegexp('Vpc') } });
  });

  test('answers for names that the ingress tier needs, and opens no route to them', () => {
    const stack = regional();
    const network = new PrivateNetwork(stack, 'Network');
    network.allowNames('login.example.com', Token.asString({ Ref: 'Host' }));
    const template = Template.fromStack(stack);
    expect(domainsOf(template)).toEqual(expect.arrayContaining(['login.example.com', { Ref: 'Host' }]));
    template.resourceCountIs('AWS::EC2::Route', 0);
  });
});

test('nothing and something is something', () => {
  expect(domainsOf(built({ coreEgress: Egress.none().and(EXAMPLE) }).template)).toEqual(domainsOf(built({ coreEgress: EXAMPLE }).template));
});

describe('Egress.allowDomains()', () => {
  test('puts a firewall on the only way out, and on the way back', () => {
    const { template } = built({ coreEgress: EXAMPLE });
    expect(routesOf(template)).toEqual([
      'Core1 → 0.0.0.0/0 via firewall1',
      'Core2 → 0.0.0.0/0 via firewall2',
      'Firewall1 → 0.0.0.0/0 via Nat1',
      'Firewall2 → 0.0.0.0/0 via Nat2',
      'Nat1 → 0.0.0.0/0 via internet',
      'Nat1 → 10.0.3.0/24 via firewall1',
      'Nat1 → 10.0.4.0/24 via firewall2',
      'Nat2 → 0.0.0.0/0 via internet',
      'Nat2 → 10.0.3.0/24 via firewall1',
      'Nat2 → 10.0.4.0/24 via firewall2',
    ]);
  });

  test('has one firewall where there is one NAT gateway, for both zones', () => {
    const { template } = built({ coreEgress: EXAMPLE, natGatewayPerZone: false });
    template.resourceCountIs('AWS::NetworkFirewall::Firewall', 1);
    expect(routesOf(template).filter((route) => route.includes('firewall'))).toEqual([
      'Core1 → 0.0.0.0/0 via firewall1', 'Core2 → 0.0.0.0/0 via firewall1',
      'Nat1 → 10.0.3.0/24 via firewall1', 'Nat1 → 10.0.4.0/24 via firewall1', 'Nat2 → 10.0.3.0/24 via firewall1', 'Nat2 → 10.0.4.0/24 via firewall1',
    ]);
  });

  test('passes TLS to declared names from the tier that declared them, and drops and reports the rest', () => {
    const { template } = built({ coreEgress: EXAMPLE, dataEgress: Egress.allowDomains(['backup.example.net']) });
    template.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', {
      Type: 'STATEFUL',
      RuleGroup: {
        RuleVariables: { IPSets: { HOME_NET: { Definition: ['10.0.3.0/24', '10.0.4.0/24'] } } },
        StatefulRuleOptions: { RuleOrder: 'STRICT_ORDER' },
        RulesSource: { RulesSourceList: { GeneratedRulesType: 'ALLOWLIST', TargetTypes: ['TLS_SNI'], Targets: ['.example.org', 'api.example.com'] } },
      },
    });
    template.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', {
      RuleGroup: {
        RuleVariables: { IPSets: { HOME_NET: { Definition: ['10.0.6.0/24', '10.0.7.0/24'] } } },
        RulesSource: { RulesSourceList: { Targets: ['backup.example.net'] } },
      },
    });
    template.hasResourceProperties('AWS::NetworkFirewall::FirewallPolicy', {
      FirewallPolicy: {
        StatelessDefaultActions: ['aws:drop'],
        StatelessFragmentDefaultActions: ['aws:drop'],
        StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER', StreamExceptionPolicy: 'DROP' },
        StatefulDefaultActions: ['aws:drop_established_app_layer', 'aws:alert_established_app_layer'],
        StatefulRuleGroupReferences: [{ Priority: 1 }, { Priority: 2 }],
      },
    });
  });

  test('lets nothing but TCP to port 443 and its answers as far as the names', () => {
    built({ coreEgress: EXAMPLE }).template.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', {
      Type: 'STATELESS',
      RuleGroup: { RulesSource: { StatelessRulesAndCustomActions: { StatelessRules: [
        { RuleDefinition: { Actions: ['aws:forward_to_sfe'], MatchAttributes: { Protocols: [6], DestinationPorts: [{ FromPort: 443, ToPort: 443 }], SourcePorts: Match.absent() } } },
        { RuleDefinition: { Actions: ['aws:forward_to_sfe'], MatchAttributes: { Protocols: [6], SourcePorts: [{ FromPort: 443, ToPort: 443 }], DestinationPorts: Match.absent() } } },
      ] } } },
    });
  });

  test('records what each firewall passes and drops', () => {
    const { template } = built({ coreEgress: EXAMPLE });
    template.resourceCountIs('AWS::NetworkFirewall::LoggingConfiguration', 2);
    template.allResourcesProperties('AWS::NetworkFirewall::LoggingConfiguration', {
      LoggingConfiguration: { LogDestinationConfigs: [{ LogType: 'ALERT', LogDestinationType: 'CloudWatchLogs' }, { LogType: 'FLOW', LogDestinationType: 'CloudWatchLogs' }] },
    });
  });

  test('has the resolver answer for the same names', () => {
    expect(domainsOf(built({ coreEgress: EXAMPLE }).template)).toEqual(expect.arrayContaining(['api.example.com', 'example.org', '*.example.org']));
  });

  test('opens a workload to port 443, and only where its tier has egress', () => {
    const openTo = (props: PrivateNetworkProps): unknown[] => {
      const stack = regional();
      return egressOf(stack, workload(stack, new PrivateNetwork(stack, 'Network', props)).group).filter(({ CidrIp }) => CidrIp === '0.0.0.0/0');
    };
    expect(openTo({ coreEgress: EXAMPLE })).toEqual([expect.objectContaining({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })]);
    expect(openTo({ dataEgress: EXAMPLE })).toEqual([]);
    expect(openTo({})).toEqual([]);
  });

  test.each([
    ['*', 'Write ".example.com" for a domain and everything below it'],
    ['*.example.com', 'Write ".example.com" for a domain and everything below it'],
    ['https://api.example.com', 'Name the host alone'],
    ['api.example.com/v1', 'Name the host alone'],
    ['api.example.com:443', 'Name the host alone'],
    ['192.0.2.1', 'Name a host: an address carries no name'],
    ['.com', 'Name a whole domain'],
    ['', 'Name a whole domain'],
    ['-a.example.com', 'Name a domain such as'],
    ['a_b.example.com', 'Name a domain such as'],
    ['a..example.com', 'Name a domain such as'],
    [`${'a.'.repeat(130)}com`, 'Name a domain such as'],
  ])('refuses %p and says what to write', (domain, todo) => {
    expect(() => built({ coreEgress: Egress.allowDomains([domain]) })).toThrow(`Regional/Network: coreEgress is ${JSON.stringify(domain)}. ${todo}`);
  });

  test.each([
    ['Egress.allowDomains', Egress.allowDomains([])], ['Egress.providers', Egress.providers()], ['Egress.allowDomains', Egress.allowDomains([]).and(EXAMPLE)],
    ['Egress.providers', EXAMPLE.and(Egress.providers())],
  ])('refuses %s of nothing, which says neither none nor which', (factory, coreEgress) => {
    expect(() => built({ coreEgress })).toThrow(`Regional/Network: coreEgress is "${factory} of nothing". Name at least one, or take Egress.none().`);
  });

  test('refuses a name that only a deployment knows', () => {
    expect(() => built({ dataEgress: Egress.allowDomains([Token.asString({ Ref: 'Host' })]) })).toThrow('Regional/Network: dataEgress is a token. Name domains that are known');
  });

  test('refuses more names than the resolver takes, from both tiers and twice where a domain stands for all below it', () => {
    const below = (tier: string, count: number): Egress => Egress.allowDomains(Array.from({ length: count }, (_, index) => `.${tier}${index}.example.com`));
    expect(() => built({ coreEgress: below('a', 250), dataEgress: below('b', 250) })).toThrow('coreEgress, dataEgress and allowNames come to 1004 names');
    expect(() => built({ coreEgress: below('a', 250), dataEgress: below('b', 248) })).not.toThrow();
  });

  test('refuses more domains than the firewall has room for', () => {
    expect(() => built({ coreEgress: Egress.allowDomains(Array.from({ length: 1001 }, (_, index) => `a${index}.example.com`)) })).toThrow('Name 1000 at most');
  });
});

test('a provider stands for its hosts, and choices add up whatever their order and spelling', () => {
  const { template } = built({ coreEgress: Egress.providers(LlmProvider.OPENAI, LlmProvider.ANTHROPIC).and(Egress.allowDomains(['API.openai.com', 'sentry.example.com'])) });
  template.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', { RuleGroup: { RulesSource: { RulesSourceList: { Targets: ['api.anthropic.com', 'api.openai.com', 'sentry.example.com'] } } } });
});

test('a provider whose client uploads or streams elsewhere stands for those hosts, too', () => {
  expect(PROVIDER_DOMAINS[LlmProvider.FAL]).toEqual(expect.arrayContaining(['fal.run', 'queue.fal.run', 'rest.fal.ai']));
  expect(PROVIDER_DOMAINS[LlmProvider.REPLICATE]).toEqual(expect.arrayContaining(['api.replicate.com', 'stream.replicate.com']));
});

test.each(Object.values(LlmProvider))('the hosts of %s are ones that a firewall takes', (provider) => {
  expect(PROVIDER_DOMAINS[provider].length).toBeGreaterThan(0);
  expect(() => built({ coreEgress: Egress.providers(provider) })).not.toThrow();
});
