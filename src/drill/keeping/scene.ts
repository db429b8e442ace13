import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Resource } from '../../checks/template/resource';
import type { JsonMap } from '../../checks/template/template';
import type { TemplateGraph } from '../../checks/template/template-graph';
import type { AlbFront, AlbFrontOptions } from '../broker/alb-front';
import type { AskSql } from '../delivery/sql';
import type { Deployment } from '../emulator/deploy';
import { resolveLoosely } from '../emulator/ledger';
import type { RunningMemcached } from '../services/memcached';
import type { PostgresParts, RunningPostgres } from '../services/postgres';
import type { RedisParts, RunningRedis } from '../services/redis';
import type { KeepingTarget } from './attack';
import type { EmulatorCredentials, KeepingClients } from './clients';
import type { FunctionRan } from './function';

/** Stores that stand in for those of a template, started when first asked for. */
export interface StoreHouse {
  /**
   * @param parameters of the template's parameter group
   * @param owner the stack that is changed in it: stacks are attacked side by side, and names of the same role or table would be one
   */
  postgres(parameters: NonNullable<PostgresParts['parameters']>, owner?: string): Promise<RunningPostgres>;
  memcached(options: { readonly tls: boolean }): Promise<RunningMemcached>;
  /** One for whoever asks, who stops it: what attacks change in it disturbs no other. */
  redis(options: Pick<RedisParts, 'users' | 'isOpen'>): Promise<RunningRedis>;
  /** A file with the authority that vouches for all of them, as PEM. */
  authorities(): Promise<string>;
  /** An authority that vouches for none of them, as PEM. */
  stranger(): Promise<string>;
}

/** What an attack has in hand at some templates that have been deployed to an emulator which enforces policies. */
export interface KeepingScene {
  /** The templates as they were deployed here. */
  readonly graph: TemplateGraph;
  /** With the rights of the account's root: for looking, and for what AWS itself would do. */
  readonly aws: KeepingClients;
  readonly stores: StoreHouse;
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  /** An engine of SQL that has nothing to do with AWS. */
  readonly ask: AskSql;
  /** The resource that is meant, as it is here. Throws where it is gone. */
  now(target: KeepingTarget): Resource;
  /** What `Ref` or an attribute of a resource is here; undefined where the emulator has no such thing. */
  id(resource: Resource, attribute?: string): string | undefined;
  /** The name of the emulator's stack that a resource stands in. */
  stackOf(resource: Resource): string;
  /** Properties of a resource as the emulator was given them. */
  propertiesOf(resource: Resource): JsonMap;
  /** With the rights of a role of the templates, by its ARN. */
  as(roleArn: string): Promise<KeepingClients>;
  /** Asks another region. */
  elsewhere(region: string): KeepingClients;
  /** Runs a function of the templates as Lambda does, with its own code, variables and role. @param instead variables that are not those of the template */
  invoke(fn: Resource, event: unknown, instead?: Readonly<Record<string, string>>): Promise<FunctionRan>;
  /** Has a function of the templates answer HTTP as it does behind a load balancer, with its own code, variables and role; whoever asks for it stops it. */
  serve(fn: Resource, options?: ServingOptions): Promise<AlbFront>;
  note(line: string): void;
}

export interface ServingOptions extends Pick<AlbFrontOptions, 'environments' | 'onOutput'> {
  /** Variables that are not those of the template. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** What a scene is made of. */
export interface SceneParts extends Pick<KeepingScene, 'aws' | 'stores' | 'ask'> {
  readonly deployment: Deployment;
  /** With the rights of a role. */
  as(roleArn: string): Promise<KeepingClients>;
  elsewhere(region: string): KeepingClients;
  run(fn: Resource, environment: Readonly<Record<string, string>>, credentials: EmulatorCredentials, event: unknown): Promise<FunctionRan>;
  serve(fn: Resource, environment: Readonly<Record<string, string>>, credentials: EmulatorCredentials, options: Omit<ServingOptions, 'instead'>): Promise<AlbFront>;
}

export function openKeepingScene(parts: SceneParts, transcript: string[]): KeepingScene {
  const { deployment: { graph, ledger, emulator, stacks }, aws, stores, ask } = parts;
  const scene: KeepingScene = {
    graph,
    aws,
    stores,
    ask,
    endpoint: emulator.endpoint,
    account: emulator.account,
    region: emulator.region,
    now: ({ resource, place }) => {
      const found = graph.ofType(resource.type).find((other) => other.logicalId === place.logicalId && other.template.name === place.stack);
      if (found === undefined) throw new Error(`${place.stack}/${place.logicalId} is gone.`);
      return found;
    },
    id: (resource, attribute) => ledger.of(resource, attribute),
    stackOf: ({ template }) => stacks.get(template.name) ?? template.name,
    propertiesOf: (resource) => resolveLoosely(ledger, resource.evaluateAll().value, resource.template.name),
    as: (roleArn) => parts.as(roleArn),
    elsewhere: (region) => parts.elsewhere(region),
    invoke: async (fn, event, instead = {}) => parts.run(fn, { ...await variablesOf(scene, fn), ...instead }, (await parts.as(String(scene.propertiesOf(fn).Role))).credentials, event),
    serve: async (fn, { instead = {}, ...options } = {}) => (
      parts.serve(fn, { ...await variablesOf(scene, fn), ...instead }, (await parts.as(String(scene.propertiesOf(fn).Role))).credentials, options)
    ),
    note: (line) => transcript.push(line),
  };
  return scene;
}

/** What a function is told, by the word of the engine: it has put together what the template only describes. */
export async function variablesOf({ aws, id }: Pick<KeepingScene, 'aws' | 'id'>, fn: Resource): Promise<Readonly<Record<string, string>>> {
  const { Environment: environment } = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: id(fn) }));
  return environment?.Variables ?? {};
}
