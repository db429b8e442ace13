import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { Callers } from '../../src/ingress/callers';
import type { Profile } from '../../src/profiles/profile';
import { ProfiledCore } from '../../src/profiles/profiled-core';
import type { ProfiledCoreProps } from '../../src/profiles/profiled-core-props';
import { containersIn } from './gate';
import { ENV } from './network-stack';
import { alarmTopic, certificate, image } from './remote-core';

/** What a profile may be made of: a stack for what it is given. */
export type MakeProfile = (stack: Stack) => Profile;

/** A system of one of the documents with a name of its own, with whatever a test lays over it. */
export function profiled(make: MakeProfile, overrides: Partial<ProfiledCoreProps> = {}): ProfiledCore {
  const stack = new Stack(new App(), 'Profiled', { env: ENV });
  return new ProfiledCore(stack, 'Core', {
    profile: make(stack),
    environment: 'production',
    image: image(stack),
    ingress: { domainName: 'core.acme.internal', certificate: certificate(stack), callers: Callers.cidrs('10.20.0.0/16') },
    alarmTopic: alarmTopic(stack),
    ...overrides,
  });
}

export const templateOf = (core: ProfiledCore): Template => Template.fromStack(Stack.of(core));

/** What the pack has to say of it. */
export function findingsOf({ node }: ProfiledCore): string[] {
  return judge(treeTemplates(node.root as App)).findings.map(({ rule, severity, logicalId, message }) => `${severity} ${rule} ${logicalId} ${message}`);
}

/** What the Core's container is told: a text, or `secret` where Secrets Manager fills it in. Holes are left out. */
export function toldTo(template: Template): Record<string, string> {
  const { Environment = [], Secrets = [] } = containersIn(template).Core ?? {};
  return Object.fromEntries([
    ...Environment.map(({ Name, Value }) => [Name, typeof Value === 'string' ? Value : 'deployed']),
    ...Secrets.map(({ Name }) => [Name, 'secret']),
  ]) as Record<string, string>;
}
