import { App, CfnParameter, CfnResource, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { type CfnListener, CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, type IConstruct } from 'constructs';
import { SecureCoreChecks } from '../../src';
import { CheckedApp, listener, OLD_POLICY, POLICY, POLICY_RULE, temporaryFolder } from '../support/checked-app';

describe('the plugin', () => {
  test('lets a sound app pass', () => {
    const app = new CheckedApp();
    listener(new Stack(app, 'Stack'), POLICY);
    expect(app.run()).toEqual({ thrown: undefined, policy: [], suppressed: [] });
  });

  test('fails the synth on an error', () => {
    const app = new CheckedApp();
    listener(new Stack(app, 'Stack'), OLD_POLICY);
    const { thrown, policy } = app.run();
    expect(thrown).toContain('TLS-2.policy');
    expect(policy).toEqual(['error TLS-2.policy Stack/Listener']);
  });

  test('lets a warning pass, and reports it', () => {
    const app = new CheckedApp();
    listener(new Stack(app, 'Stack'), 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06');
    expect(app.run()).toMatchObject({ thrown: undefined, policy: ['warning TLS-2.policy Stack/Listener'] });
  });

  test('sees a property override and a raw resource', () => {
    const app = new CheckedApp();
    const stack = new Stack(app, 'Stack');
    listener(stack, POLICY).addPropertyOverride('SslPolicy', OLD_POLICY);
    new CfnResource(stack, 'Raw', { type: 'AWS::ElasticLoadBalancingV2::Listener', properties: { LoadBalancerArn: 'arn', Protocol: 'TLS', DefaultActions: [] } });
    expect(app.run().policy).toEqual(['error TLS-2.policy Stack/Listener', 'error TLS-2.policy Stack/Raw']);
  });

  test('says so where a value is known only at deployment', () => {
    const app = new CheckedApp();
    const stack = new Stack(app, 'Stack');
    listener(stack, new CfnParameter(stack, 'Policy').valueAsString);
    expect(app.run().policy).toEqual(['error TLS-2.policy[undecidable] Stack/Listener']);
  });

  test('names its rules, so that two packs can be told apart', () => {
    const { name, ruleIds } = new SecureCoreChecks();
    expect(name).toBe('SecureCore');
    expect(ruleIds).toContain('TLS-2.policy');
  });
});

describe.each([true, false])('acknowledgements, with path metadata: %s', (paths) => {
  const context = { 'aws:cdk:enable-path-metadata': paths };

  test.each<[string, (listener: CfnListener) => IConstruct]>([
    ['the resource', (it) => it],
    ['its stack', (it) => it.stack],
    ['the app', (it) => it.node.root],
  ])('on %s let the synth pass, and the report gives the reason', (_, scopeOf) => {
    const app = new CheckedApp(context);
    const scope = scopeOf(listener(new Stack(app, 'Stack'), OLD_POLICY));
    Validations.of(scope).acknowledge({ id: POLICY_RULE, reason: 'an old client' });
    expect(app.run()).toEqual({ thrown: undefined, policy: [], suppressed: [`TLS-2.policy at ${scope.node.path}: an old client`] });
  });

  test('do not count without a reason', () => {
    const app = new CheckedApp(context);
    const scope = listener(new Stack(app, 'Stack'), OLD_POLICY);
    Validations.of(scope).acknowledge({ id: POLICY_RULE, reason: ' ' });
    const { thrown, policy } = app.run();
    expect(thrown).toContain('without a reason');
    expect(policy).toEqual(['fatal TLS-2.policy Stack/Listener']);
  });

  test('of one listener do not cover the next', () => {
    const app = new CheckedApp(context);
    const stack = new Stack(app, 'Stack');
    Validations.of(listener(new Construct(stack, 'One'), OLD_POLICY)).acknowledge({ id: POLICY_RULE, reason: 'an old client' });
    listener(new Construct(stack, 'Two'), OLD_POLICY);
    expect(app.run().policy).toEqual(['error TLS-2.policy Stack/Two/Listener']);
  });

  test('in a nested stack and in a stage count as well', () => {
    const app = new CheckedApp(context);
    const nested = new NestedStack(new Stack(new Stage(app, 'Stage'), 'Stack'), 'Nested');
    Validations.of(listener(nested, OLD_POLICY)).acknowledge({ id: POLICY_RULE, reason: 'an old client' });
    expect(app.run()).toEqual({ thrown: undefined, policy: [], suppressed: ['TLS-2.policy at Stage/Stack/Nested/Listener: an old client'] });
  });

  test('in the metadata of a resource count as well', () => {
    const app = new CheckedApp(context);
    const stack = new Stack(app, 'Stack');
    listener(stack, OLD_POLICY).addMetadata('cdk-secure-core:acknowledge', [{ id: POLICY_RULE, reason: 'an old client' }]);
    expect(app.run()).toMatchObject({ thrown: undefined, policy: [] });
  });
});

test('a fatal finding cannot be acknowledged', () => {
  const app = new CheckedApp();
  const stack = new Stack(app, 'Stack');
  const loadBalancer = new CfnLoadBalancer(stack, 'LoadBalancer', { scheme: 'internet-facing', type: 'application' });
  const open = listener(stack, POLICY, loadBalancer.ref);
  open.addPropertyOverride('Protocol', 'HTTPS');
  open.addPropertyOverride('DefaultActions', [{ Type: 'forward', TargetGroupArn: 'arn' }]);
  const report = new SecureCoreChecks().validateScope(app);
  for (const { ruleName } of report.violations) Validations.of(app).acknowledge({ id: `SecureCore::${ruleName}`, reason: 'please' });
  const left = new SecureCoreChecks().validateScope(app);
  expect(new Set(left.violations.map(({ severity }) => severity))).toEqual(new Set(['fatal']));
  expect(app.run().thrown).toContain(left.violations[0]?.ruleName);
});

test('a plugin on a stage judges that stage', () => {
  const app = new App({ outdir: temporaryFolder() });
  const [checked, unchecked] = [new Stage(app, 'Checked'), new Stage(app, 'Unchecked')];
  Validations.of(checked).addPlugins(new SecureCoreChecks(checked));
  listener(new Stack(unchecked, 'Stack'), OLD_POLICY);
  listener(new Stack(checked, 'Stack'), POLICY);
  expect(() => app.synth()).not.toThrow();
});

test('what the CDK prints of a finding names its place, and two rules of one group are two sentences', () => {
  const app = new App({ outdir: temporaryFolder() });
  const ingress = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' };
  new CfnResource(new Stack(app, 'Stack'), 'Group', { type: 'AWS::EC2::SecurityGroup', properties: { GroupDescription: 'x', SecurityGroupIngress: [ingress, { ...ingress, FromPort: 80 }] } });
  const descriptions = new SecureCoreChecks().validateScope(app).violations.filter(({ ruleName }) => ruleName === 'NET-2.bounded-sources').map(({ description }) => description);
  expect(descriptions).toEqual([expect.stringMatching(/^SecurityGroupIngress\.0\.CidrIp lets in /), expect.stringMatching(/^SecurityGroupIngress\.1\.CidrIp lets in /)]);
});

describe('what no rule can see into', () => {
  const UNREADABLE = 'SecureCore::engine.unreadable';
  const unreadable = (app: App): string[] => new SecureCoreChecks().validateScope(app).violations.filter(({ ruleName }) => ruleName === 'engine.unreadable').map(({ description }) => description);

  test('is found in the tree as well: a macro of the stack, and a nested stack without its template', () => {
    const app = new App({ outdir: temporaryFolder() });
    const stack = new Stack(app, 'Stack');
    stack.addTransform('Mine');
    new CfnResource(stack, 'Inner', { type: 'AWS::CloudFormation::Stack', properties: { TemplateURL: 'https://elsewhere/x.json' } });
    expect(unreadable(app)).toEqual([expect.stringContaining('the macro Mine'), expect.stringContaining('TemplateURL names a template')]);
    stack.addMetadata('cdk-secure-core:acknowledge', [{ id: UNREADABLE, reason: 'looked at' }]);
    expect(unreadable(app)).toEqual([]);
  });

  test.each([true, false])('is acknowledged on the constructs of a nested stack, with path metadata: %s', (paths) => {
    const build = (answer: (construct: IConstruct) => void): CheckedApp => {
      const app = new CheckedApp({ 'aws:cdk:enable-path-metadata': paths });
      const nested = new NestedStack(new Stack(app, 'Stack'), 'Nested');
      nested.addTransform('Mine');
      answer(nested);
      answer(new CfnResource(nested, 'Inner', { type: 'AWS::CloudFormation::Stack', properties: { TemplateURL: 'https://elsewhere/x.json' } }));
      return app;
    };
    expect(build(() => undefined).run().thrown).toContain('engine.unreadable');
    expect(build((construct) => Validations.of(construct).acknowledge({ id: UNREADABLE, reason: 'looked at' })).run().thrown).toBeUndefined();
  });
});
