import * as fs from 'fs';
import { App, Aws, CfnParameter, type Environment, Lazy, NestedStack, type PolicyValidationPluginReport, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { SecureCoreChecks } from '../../src';
import { treeTemplates } from '../../src/checks/tree-templates';
import { CheckedApp, found, listener, OLD_POLICY, POLICY, POLICY_RULE, temporaryFolder } from '../support/checked-app';

describe('apps of several templates', () => {
  const env: Environment = { account: '111111111111', region: 'eu-west-1' };

  const APPS: Readonly<Record<string, (app: App) => void>> = {
    'a stack in a stage': (app) => void listener(new Stack(new Stage(app, 'Stage', { env }), 'Stack'), OLD_POLICY),
    'a nested stack in a nested stack': (app) => void listener(new NestedStack(new NestedStack(new Stack(app, 'Stack'), 'Outer'), 'Inner'), OLD_POLICY),
    'a load balancer in another stack': (app) => {
      const network = new Stack(app, 'Network');
      const loadBalancer = new CfnLoadBalancer(network, 'LoadBalancer', { type: 'application' });
      listener(new Stack(app, 'Stack'), OLD_POLICY, loadBalancer.ref).addPropertyOverride('Protocol', 'HTTPS');
    },
    'a load balancer in the stack around a nested one': (app) => {
      const stack = new Stack(app, 'Stack');
      const loadBalancer = new CfnLoadBalancer(stack, 'LoadBalancer', { type: 'application' });
      listener(new NestedStack(stack, 'Nested'), OLD_POLICY, loadBalancer.ref).addPropertyOverride('Protocol', 'HTTPS');
    },
    'a load balancer in a nested stack beside a nested one': (app) => {
      const stack = new Stack(app, 'Stack');
      const [reader, owner] = [new NestedStack(stack, 'Reader'), new NestedStack(stack, 'Zowner')];
      const loadBalancer = new CfnLoadBalancer(owner, 'LoadBalancer', { type: 'application' });
      listener(reader, OLD_POLICY, loadBalancer.ref).addPropertyOverride('Protocol', 'HTTPS');
    },
    'a load balancer in another stack, read by a nested one': (app) => {
      const loadBalancer = new CfnLoadBalancer(new Stack(app, 'Network'), 'LoadBalancer', { type: 'application' });
      listener(new NestedStack(new Stack(app, 'Stack'), 'Nested'), OLD_POLICY, loadBalancer.ref).addPropertyOverride('Protocol', 'HTTPS');
    },
    'a policy that a nested stack is given as a parameter': (app) => {
      const nested = new NestedStack(new Stack(app, 'Stack'), 'Nested', { parameters: { Policy: OLD_POLICY } });
      listener(nested, new CfnParameter(nested, 'Policy').valueAsString);
    },
    'a policy that is put together from tokens': (app) => void listener(new Stack(app, 'Stack'), `${Lazy.string({ produce: () => 'ELBSecurityPolicy' })}-${Aws.REGION}`),
  };

  test.each(Object.entries(APPS))('%s: the tree and the synth come to the same', (name, build) => {
    const app = new CheckedApp();
    build(app);
    const fromTree = new SecureCoreChecks().validateScope(app);
    let fromSynth: PolicyValidationPluginReport | undefined;
    const plugin = new SecureCoreChecks();
    Validations.of(app).addPlugins({ name: 'Listens', validate: (context) => fromSynth = plugin.validate(context) });
    expect(app.run().policy).toEqual([expect.stringMatching(name.includes('tokens') ? /^error TLS-2\.policy\[undecidable\] S\S*\/Listener$/ : /^error TLS-2\.policy S\S*\/Listener$/)]);
    expect(fromSynth && found(fromSynth)).toEqual(found(fromTree));
  });

  test('a nested stack is judged although the app leaves out where its file is', () => {
    const app = new CheckedApp({ 'aws:cdk:enable-asset-metadata': false });
    listener(new NestedStack(new NestedStack(new Stack(app, 'Stack'), 'Outer'), 'Inner'), OLD_POLICY);
    expect(app.run().policy).toEqual(['error TLS-2.policy Stack/Outer/Inner/Listener']);
  });
});

test('what a template says of itself is read from the tree as from the synth', () => {
  const app = new App({ outdir: temporaryFolder() });
  new Stack(app, 'Stack', { description: 'Keeps the keys' });
  expect(treeTemplates(app).map(({ body }) => body.Description)).toEqual(['Keeps the keys']);
});

describe('validateScope', () => {
  function built(): { readonly app: App; readonly stack: Stack; readonly part: Construct } {
    const app = new App({ outdir: temporaryFolder() });
    const stack = new Stack(app, 'Stack');
    const part = new Construct(stack, 'Part');
    listener(part, OLD_POLICY);
    listener(new Construct(stack, 'Partner'), OLD_POLICY);
    listener(new Stack(app, 'Stack2'), OLD_POLICY);
    return { app, stack, part };
  }

  const policyPaths = ({ violations }: PolicyValidationPluginReport): (string | undefined)[] => violations
    .filter(({ ruleName }) => ruleName === 'TLS-2.policy')
    .flatMap(({ violatingResources }) => violatingResources.map(({ constructPath }) => constructPath))
    .sort();

  test('reports what lies in an app, in a stack and in a construct of a stack, and writes nothing', () => {
    const { app, stack, part } = built();
    const checks = new SecureCoreChecks();
    expect(policyPaths(checks.validateScope(app))).toEqual(['Stack/Part/Listener', 'Stack/Partner/Listener', 'Stack2/Listener']);
    expect(policyPaths(checks.validateScope(stack))).toEqual(['Stack/Part/Listener', 'Stack/Partner/Listener']);
    expect(policyPaths(checks.validateScope(part))).toEqual(['Stack/Part/Listener']);
    expect(checks.validateScope(part).success).toBe(false);
    expect(fs.readdirSync(app.outdir)).toEqual([]);
  });

  test('judges the scope of the constructor unless it is told another, and asks for one', () => {
    const { part } = built();
    expect(policyPaths(new SecureCoreChecks(part).validateScope())).toEqual(['Stack/Part/Listener']);
    expect(() => new SecureCoreChecks().validateScope()).toThrow(/Name the scope/);
  });

  test('lists what is acknowledged with its reason in the metadata', () => {
    const { stack, part } = built();
    Validations.of(stack).acknowledge({ id: POLICY_RULE, reason: 'an old client' });
    const report = new SecureCoreChecks().validateScope(part);
    expect(report.success).toBe(true);
    expect(report.metadata).toEqual({ 'acknowledged SecureCore::TLS-2.policy at Stack/Part/Listener': 'an old client' });
  });

  test('follows what lies outside of the scope', () => {
    const app = new App();
    const network = new Stack(app, 'Network');
    const loadBalancer = new CfnLoadBalancer(network, 'LoadBalancer', { type: 'application' });
    const stack = new Stack(app, 'Stack');
    listener(stack, POLICY, loadBalancer.ref);
    const everywhere = found(new SecureCoreChecks().validateScope(app)).filter((line) => line.includes('Stack/Listener'));
    expect(found(new SecureCoreChecks().validateScope(stack))).toEqual(everywhere);
  });
});
