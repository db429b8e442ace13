import * as path from 'path';
import { CfnElement, DefaultTokenResolver, type IFragmentConcatenator, type IResolvable, type IResolveContext, NestedStack, Reference, Stack, Stage, Tokenization } from 'aws-cdk-lib';
import { type IConstruct } from 'constructs';
import { loadTemplate } from './template/load';
import { isJsonMap, type Json, type JsonMap, section, type Template } from './template/template';

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

/** The templates of all stacks in a scope, without a synthesis: aspects have not run, nothing is written. */
export function treeTemplates(scope: IConstruct): Template[] {
  const stacks = scope.node.findAll().filter(Stack.isStack);
  const within = Stack.isStack(scope) || Stage.isStage(scope) || stacks.length > 0 ? stacks : [Stack.of(scope)];
  const links = new Map<string, Link>();
  const rendered = within.map((stack) => render(stack, links));
  for (const [name, link] of links) exportLink(name, link, rendered);
  const outermost = rendered.filter(({ stack }) => !within.some((other) => other === stack.nestedStackParent));
  return outermost.map((one) => toTemplate(one, rendered));
}

function toTemplate({ stack, body }: Rendered, all: readonly Rendered[]): Template {
  const nested = new Map<string, Template>();
  for (const inner of all) {
    const held = inner.stack.nestedStackParent === stack ? inner.stack.nestedStackResource : undefined;
    if (held) nested.set(stack.resolve(held.logicalId) as string, toTemplate(inner, all));
  }
  return { name: stack.node.path || stack.stackName, body: { ...body as unknown as JsonMap, ...headOf(stack) }, nested };
}

/** What a template says of itself. */
function headOf({ templateOptions: { description, transforms } }: Stack): JsonMap {
  return { ...(description === undefined ? {} : { Description: description }), ...(transforms === undefined ? {} : { Transform: transforms }) };
}

function render(stack: Stack, links: Map<string, Link>): Rendered {
  const sections = new Map<string, [string, unknown][]>();
  const resolver = new TreeResolver(stack, links);
  for (const element of stack.node.findAll()) {
    if (!CfnElement.isCfnElement(element) || element.stack !== stack) continue;
    const fragment: unknown = Tokenization.resolve(element._toCloudFormation(), { scope: element, resolver, preparing: false });
    if (!isJsonMap(fragment)) continue;
    for (const [name, entries] of Object.entries(fragment)) {
      if (!isJsonMap(entries)) continue;
      const known = sections.get(name) ?? [];
      known.push(...Object.entries(name === 'Resources' ? mapValues(entries, (resource) => placed(resource, element.node.path)) : entries));
      sections.set(name, known);
    }
  }
  const elements = Object.fromEntries([...sections].map(([name, entries]) => [name, Object.fromEntries(entries)]));
  return { stack, body: { ...elements, Metadata: { ...elements.Metadata, ...stack.templateOptions.metadata } } };
}

/**
 * Adds the construct paths to templates that synthesis wrote, since an app may leave them out,
 * and a path is what an acknowledgement is looked up by. What no construct stands for, its stack answers for.
 */
export function withTreePaths(template: Template, stack: Stack): Template {
  const elements = stack.node.findAll().filter((node): node is CfnElement => CfnElement.isCfnElement(node) && node.stack === stack);
  const paths = new Map(elements.map((element) => [stack.resolve(element.logicalId) as string, element.node.path]));
  const resources = mapValues(section(template, 'Resources'), (resource, logicalId) => placed(resource, paths.get(logicalId) ?? stack.node.path));
  const nested = new Map(template.nested);
  for (const inner of stack.node.findAll()) {
    if (!NestedStack.isNestedStack(inner) || inner.nestedStackParent !== stack || !inner.nestedStackResource) continue;
    const logicalId = stack.resolve(inner.nestedStackResource.logicalId) as string;
    // An app may leave the file's name out of its templates; the tree still knows it.
    const child = nested.get(logicalId) ?? loadTemplate(path.join(path.dirname(template.file ?? ''), inner.templateFile), `${template.name}/${logicalId}`);
    nested.set(logicalId, withTreePaths(child, inner));
  }
  return { ...template, name: stack.node.path || template.name, body: { ...template.body, Resources: resources }, nested };
}

function placed(resource: Json, constructPath: string): Json {
  if (!isJsonMap(resource)) return resource;
  const metadata = isJsonMap(resource.Metadata) ? resource.Metadata : {};
  return { ...resource, Metadata: { ...metadata, 'aws:cdk:path': constructPath } };
}

function mapValues(map: JsonMap, change: (value: Json, key: string) => Json): JsonMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

function exportLink(name: string, { stack, logicalId, attribute }: Link, rendered: readonly Rendered[]): void {
  const body = rendered.find((candidate) => candidate.stack === stack)?.body;
  const value = attribute === 'Ref' ? { Ref: logicalId } : { 'Fn::GetAtt': [logicalId, attribute] };
  if (body) body.Outputs = { ...body.Outputs, [`Linked ${name}`]: { Value: value, Export: { Name: name } } };
}
