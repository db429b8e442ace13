import { isJsonMap, type Json, section, type Template } from '../checks/template/template';

/** How the CDK places the resource of a nested stack: beside the construct, which is where the nested template's constructs are. */
const NESTED_STACK_RESOURCE = /^((?:.*\/)?([^/]+))\.NestedStack\/\2\.NestedStackResource$/;

/** The construct paths that a cloud assembly knows, by template: one logical id may stand in several nested templates. */
export class ConstructPaths {
  /** Of the constructs of each stack, nested ones too: the path by logical id. */
  private readonly byStack: Map<string, Map<string, string>>;
  /** Of each stack: the paths of the nested stacks by the logical id that holds them. */
  private readonly nested = new Map<string, Map<string, string>>();

  public constructor(private readonly root: string, logicalIds: readonly (readonly [path: string, logicalId: string])[]) {
    const nestedStacks = logicalIds.flatMap(([path]) => NESTED_STACK_RESOURCE.exec(path)?.[1] ?? []);
    this.byStack = new Map([root, ...nestedStacks].map((stack) => [stack, new Map<string, string>()]));
    for (const [path, logicalId] of logicalIds) {
      const stack = this.stackOf(path);
      this.byStack.get(stack)?.set(logicalId, path);
      const inner = NESTED_STACK_RESOURCE.exec(path)?.[1];
      if (inner !== undefined) this.nested.set(stack, (this.nested.get(stack) ?? new Map<string, string>()).set(logicalId, inner));
    }
  }

  /** The template and those nested in it, with the construct paths where their resources do not tell them. */
  public addTo(template: Template, stack = this.root): Template {
    const paths = this.byStack.get(stack);
    // What no construct stands for, its stack answers for.
    const resources = Object.entries(section(template, 'Resources')).map(([logicalId, resource]) => [logicalId, placed(resource, paths?.get(logicalId) ?? stack)] as const);
    const nested = [...(template.nested ?? [])].map(([logicalId, child]) => [logicalId, this.addTo(child, this.nested.get(stack)?.get(logicalId) ?? child.name)] as const);
    return { ...template, name: stack, body: { ...template.body, Resources: Object.fromEntries(resources) }, nested: new Map(nested) };
  }

  /** The innermost stack around a construct. */
  private stackOf(path: string): string {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const around = path.slice(0, slash);
      if (this.byStack.has(around)) return around;
    }
    return this.root;
  }
}

function placed(resource: Json, constructPath: string): Json {
  if (!isJsonMap(resource)) return resource;
  return { ...resource, Metadata: { 'aws:cdk:path': constructPath, ...(isJsonMap(resource.Metadata) ? resource.Metadata : {}) } };
}
