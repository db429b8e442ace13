import type { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { JsonMap, Template } from '../../../src/checks/template/template';
import { TemplateGraph } from '../../../src/checks/template/template-graph';
import type { KeepingClients } from '../../../src/drill/keeping/clients';
import type { KeepingScene } from '../../../src/drill/keeping/scene';
import { Ledger } from '../../../src/drill/emulator/ledger';
import type { Deployment } from '../../../src/drill/emulator/deploy';

/** A fault as the SDK throws it, in a class that nobody here knows. */
export function fault(name: string): object {
  return { name, message: `${name} happened` };
}

/** A command as it was sent. */
export interface Sent {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Answers = (sent: Sent) => unknown;

/** Clients that remember what they were asked, and are told what to answer; what is thrown there, they throw. */
export function clientsThat(answer: Answers, sent: Sent[] = []): KeepingClients {
  const client = {
    send: (command: GetSecretValueCommand) => {
      const one = { name: command.constructor.name, input: command.input as unknown as Readonly<Record<string, unknown>> };
      sent.push(one);
      return Promise.resolve().then(() => answer(one));
    },
    destroy: () => undefined,
  };
  const all = Object.fromEntries(['backup', 'cloudFormation', 'dynamo', 'ecs', 'events', 'iam', 'lambda', 'logs', 's3', 'plainS3', 'secrets', 'ssm', 'sts'].map((name) => [name, client]));
  return { credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, ...all, close: () => undefined } as unknown as KeepingClients;
}

export function graphOf(...templates: readonly (readonly [string, Readonly<Record<string, JsonMap>>])[]): TemplateGraph {
  return new TemplateGraph(templates.map(([name, Resources]): Template => ({ name, body: { Resources } })));
}

/** A deployment of which everything is called by stack and logical id. */
export function deploymentOf(graph: TemplateGraph, attributes: readonly string[] = ['Arn']): Deployment {
  const ledger = new Ledger();
  for (const { template: { name }, logicalId } of graph.types.flatMap((type) => graph.ofType(type))) {
    ledger.record({ template: name, logicalId }, `${name}-${logicalId}`, Object.fromEntries(attributes.map((attribute) => [attribute, `arn:${name}:${logicalId}`])));
  }
  return { graph, ledger, stacks: new Map([['Named', 'as-deployed']]), emulator: { endpoint: 'http://127.0.0.1:1' } } as unknown as Deployment;
}

/** The parts of a scene that a test is about. */
export function partOf(scene: Partial<KeepingScene>): KeepingScene {
  return scene as KeepingScene;
}
