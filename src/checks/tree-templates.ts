import { CfnElement, DefaultTokenResolver, type IFragmentConcatenator, type IResolvable, type IResolveContext, NestedStack, Reference, Stack, Stage, Tokenization } from 'aws-cdk-lib';
import { type IConstruct } from 'constructs';
import { isJsonMap, type JsonMap, section, type Template } from './template/template';

/** Concatenates the way CloudFormation does, so that a text with tokens keeps what is known around them. */
const JOIN: IFragmentConcatenator = {
  join: (left: unknown, right: unknown): unknown => {
    if (left === undefined) return right;
    if (right === undefined) return left;
    return typeof left === 'string' && typeof right === 'string' ? left + right : { 'Fn::Join': ['', [left, right]] };
  },
};

/** A value of one stack that another one reads: what synthesis would turn into an export and an import. */
interface Link {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly attribute: string;
}

/** Resolves tokens as synthesis does, and notes references into other stacks so that they stay followable. */
class TreeResolver extends DefaultTokenResolver {
  public constructor(private readonly stack: Stack, private readonly links: Map<string, Link>) {
    super(JOIN);
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: Parameters<DefaultTokenResolver['resolveToken']>[2]): unknown {
    const target = Reference.isReference(token) ? token.target : undefined;
    if (Reference.isReference(token) && CfnElement.isCfnElement(target) && target.stack !== this.stack) {
      const link = { stack: target.stack, logicalId: target.stack.resolve(target.logicalId) as string, attribute: token.displayName };
      const name = `${link.stack.node.path}:${link.logicalId}.${link.attribute}`;
      this.links.set(name, link);
      return { 'Fn::ImportValue': name };
    }
    return super.resolveToken(token, context, postProcessor);
  }
}

interface Rendered {
  readonly stack: Stack;
  readonly body: Record<string, Record<string, unknown>>;
}

/**
 * The templates of all stacks in a scope, without a synthesis: aspects have not run, nothing is written.
 * Stacks nested in others stand beside them here, since references between them are followed directly.
 */
export function treeTemplates(scope: IConstruct): Template[] {
  const stacks = scope.node.findAll().filter(Stack.isStack);
  const within = Stack.isStack(scope) || Stage.isStage(scope) || stacks.length > 0 ? stacks : [Stack.of(scope)];
  const links = new Map<string, Link>();
  const rendered = within.map((stack) => render(stack, links));
  for (const [name, link] of links) exportLink(name, link, rendered);
  return rendered.map(({ stack, body }) => ({ name: stack.node.path || stack.stackName, body: body as unknown as JsonMap }));
}

function render(stack: Stack, links: Map<string, Link>): Rendered {
  const body: Rendered['body'] = {};
  const resolver = new TreeResolver(stack, links);
  for (const element of stack.node.findAll()) {
    if (!CfnElement.isCfnElement(element) || element.stack !== stack) continue;
    const fragment: unknown = Tokenization.resolve(element._toCloudFormation(), { scope: element, resolver, preparing: false });
    if (!isJsonMap(fragment)) continue;
    for (const [name, entries] of Object.entries(fragment)) {
      if (isJsonMap(entries)) body[name] = { ...body[name], ...withPaths(name, entries, element) };
    }
  }
  return { stack, body };
}

/**
 * Adds the construct paths to templates that synthesis wrote, since an app may leave them out,
 * and a path is what an acknowledgement is looked up by.
 */
export function withTreePaths(template: Template, stack: Stack): Template {
  const own = stack.node.findAll().filter((node): node is CfnElement => CfnElement.isCfnElement(node) && node.stack === stack);
  const resources = { ...section(template, 'Resources') };
  const nested = new Map(template.nested);
  for (const element of own) {
    const logicalId = stack.resolve(element.logicalId) as string;
    const resource = resources[logicalId];
    if (isJsonMap(resource)) Object.assign(resources, withPaths('Resources', { [logicalId]: resource }, element));
  }
  for (const inner of stack.node.findAll()) {
    if (!NestedStack.isNestedStack(inner) || inner.nestedStackParent !== stack || !inner.nestedStackResource) continue;
    const logicalId = stack.resolve(inner.nestedStackResource.logicalId) as string;
    const child = nested.get(logicalId);
    if (child) nested.set(logicalId, withTreePaths(child, inner));
  }
  return { ...template, body: { ...template.body, Resources: resources }, nested };
}

/** The path is what an acknowledgement is looked up by; an app may have turned it off for its templates. */
function withPaths(sectionName: string, entries: JsonMap, element: CfnElement): JsonMap {
  if (sectionName !== 'Resources') return entries;
  return Object.fromEntries(Object.entries(entries).map(([logicalId, resource]) => {
    if (!isJsonMap(resource)) return [logicalId, resource];
    const metadata = isJsonMap(resource.Metadata) ? resource.Metadata : {};
    return [logicalId, { ...resource, Metadata: { ...metadata, 'aws:cdk:path': element.node.path } }];
  }));
}

function exportLink(name: string, { stack, logicalId, attribute }: Link, rendered: readonly Rendered[]): void {
  const body = rendered.find((candidate) => candidate.stack === stack)?.body;
  const value = attribute === 'Ref' ? { Ref: logicalId } : { 'Fn::GetAtt': [logicalId, attribute] };
  if (body) body.Outputs = { ...body.Outputs, [`Linked ${name}`]: { Value: value, Export: { Name: name } } };
}
