import type { TemplateGraph } from '../../checks/template/template-graph';
import type { Resource } from '../../checks/template/resource';
import { flatten, isJsonMap, section, type Template } from '../../checks/template/template';
import { asText, isMap, Reference, Unknown, type Value } from '../../checks/template/value';
import type { NotEmulated } from '../edge/model';
import { type AssetFiles, publishCode } from './assets';
import { type AwsClients, awsClients } from './aws-clients';
import { type Emulator, EmulatorError } from './emulator';
import { discreet } from './discreet';
import { Gaps } from './gaps';
import { ground, stackNameOf } from './ground';
import { exportsOf, importsIn } from './imports';
import { Ledger } from './ledger';
import { onlyGraph } from './only-graph';
import { StackDeployment } from './stack-deployment';
import { pointerNamed } from './references';
import { unknownTypes } from './unknown-types';

export interface DeployInput {
  /** Outermost templates, in any order. */
  readonly templates: readonly Template[];
  /** For parameters without a default. @default - none */
  readonly parameters?: ReadonlyMap<string, string>;
  /** Files that functions are made of, by the key they are published under without its ending. @default - none */
  readonly assets?: AssetFiles;
}

/** What stands in the emulator, and where. */
export interface Deployment {
  readonly emulator: Emulator;
  readonly aws: AwsClients;
  /** Names of the emulator's stacks by the names of their templates. */
  readonly stacks: ReadonlyMap<string, string>;
  /** The templates as they were deployed: with account, region and parameters put in. */
  readonly graph: TemplateGraph;
  readonly ledger: Ledger;
  /** What a resource, of any reading of these templates, has become; undefined where the templates do not create it. */
  readonly physicalId: (resource: Resource) => string | undefined;
  readonly notEmulated: readonly NotEmulated[];
}

/** What an engine has refused once it refuses again, and each time takes back all that it has made by then. */
const lacking = new WeakMap<Emulator, Set<string>>();

function lackingIn(emulator: Emulator): Set<string> {
  const known = lacking.get(emulator) ?? new Set<string>();
  lacking.set(emulator, known);
  return known;
}

/**
 * Deploys templates as they are, through the SDK, in the order in which they need each other.
 * Throws an EmulatorError that names what the engine refuses.
 */
export async function deploy(emulator: Emulator, { templates, parameters = new Map(), assets = new Map() }: DeployInput): Promise<Deployment> {
  const grounded = templates.map((template) => ground(template, { account: emulator.account, region: emulator.region, parameters }));
  grounded.forEach(assertValues);
  assertNames(grounded);
  const graph = onlyGraph(grounded);
  const resources = resourcesOf(graph, grounded);
  const aws = awsClients(emulator);
  const ledger = new Ledger();
  await publishCode(aws.s3, [...resources.values()].flatMap((own) => [...own.values()]), assets);
  const wanted = attributesWanted(resources);
  const gaps = new Gaps(emulator.name, await unknownTypes(aws.cloudFormation, graph.types), lackingIn(emulator));
  const context = { aws, ledger, gaps, wanted, resourcesOf: (template: Template) => resources.get(template.name) ?? new Map<string, Resource>() };
  try {
    for (const template of inOrder(grounded)) await new StackDeployment(template, context).run(new Map());
  } catch (error) {
    throw error instanceof EmulatorError ? new EmulatorError(discreet(error.message, grounded)) : error;
  }
  return {
    emulator,
    aws,
    graph,
    ledger,
    stacks: new Map(grounded.flatMap(flatten).map((template) => [template.name, stackNameOf(template)])),
    physicalId: (resource) => ledger.of(resource),
    notEmulated: [...resources.values()].flatMap((own) => [...own.values()])
      .flatMap((resource) => gaps.report(resource, wanted(resource.template.name, resource.logicalId)))
      .map((gap) => ({ ...gap, reason: discreet(gap.reason, grounded) })),
  };
}

function resourcesOf(graph: TemplateGraph, templates: readonly Template[]): Map<string, Map<string, Resource>> {
  const found = new Map(templates.flatMap(flatten).map((template) => [template.name, new Map<string, Resource>()]));
  for (const resource of graph.types.flatMap((type) => graph.ofType(type))) found.get(resource.template.name)?.set(resource.logicalId, resource);
  return found;
}

/** Attributes that anything in the templates reads, by template and logical id: what the engine is asked for. */
function attributesWanted(resources: ReadonlyMap<string, ReadonlyMap<string, Resource>>): (template: string, logicalId: string) => readonly string[] {
  const wanted = new Map<string, Set<string>>();
  const note = (template: string, logicalId: string, attribute: string): void => {
    const key = `${template} ${logicalId}`;
    if (attribute !== 'Ref' && attribute !== '') wanted.set(key, (wanted.get(key) ?? new Set()).add(attribute));
  };
  const walk = (value: Value | undefined, template: string): void => {
    if (value instanceof Reference) note(value.resource.template.name, value.resource.logicalId, value.attribute);
    else if (value instanceof Unknown) {
      for (const [, name = ''] of asText(value).text.matchAll(/\$\{([^}]+)\}/g)) {
        const { logicalId, attribute } = pointerNamed(name);
        // A text names a resource of its own template, or of one that an import has led to.
        const owners = resources.get(template)?.has(logicalId) ? [template] : [...resources].filter(([, own]) => own.has(logicalId)).map(([owner]) => owner);
        owners.forEach((owner) => note(owner, logicalId, attribute));
      }
    } else if (Array.isArray(value)) (value as readonly Value[]).forEach((item) => walk(item, template));
    else if (isMap(value)) Object.values(value).forEach((item) => walk(item, template));
  };
  resources.forEach((own, template) => own.forEach((resource) => walk(resource.evaluateAll().value, template)));
  return (template, logicalId) => [...(wanted.get(`${template} ${logicalId}`) ?? [])];
}

function assertValues(template: Template): void {
  const open = Object.entries(section(template, 'Parameters')).find(([, declared]) => isJsonMap(declared) && declared.Default === undefined);
  if (open) throw new EmulatorError(`Parameter ${open[0]} of ${template.name} has no default, and a drill has nobody to ask: give it one, or name its value.`);
}

function assertNames(templates: readonly Template[]): void {
  const names = templates.flatMap(flatten).map(stackNameOf);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new EmulatorError(`Two templates would become the stack ${twice}: give them different names.`);
}

/** Stacks that export come before those that import it. */
function inOrder(templates: readonly Template[]): readonly Template[] {
  const exporters = new Map(templates.flatMap((template) => flatten(template).flatMap(exportsOf).map((name) => [name, template] as const)));
  const ordered = new Set<Template>();
  const visit = (template: Template, path: readonly Template[]): void => {
    if (ordered.has(template)) return;
    if (path.includes(template)) throw new EmulatorError(`The stacks ${path.map(({ name }) => name).join(' and ')} import from each other, so none can be deployed first.`);
    for (const name of flatten(template).flatMap(({ body }) => importsIn(body))) {
      const exporter = exporters.get(name);
      if (exporter && exporter !== template) visit(exporter, [...path, template]);
    }
    ordered.add(template);
  };
  templates.forEach((template) => visit(template, []));
  return [...ordered];
}
