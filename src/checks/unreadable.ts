import { METADATA_KEY, NAMESPACE, UNREADABLE } from './acknowledgements';
import type { Finding } from './finding';
import { Resource } from './template/resource';
import { isJsonMap, type Json, type JsonMap, section, type Template } from './template/template';

/** A place of a template that no rule can see into, and what to say of it. */
export interface Unreadable {
  readonly resource: Resource;
  readonly finding: Finding;
}

/** Types that stand for a template of their own, with the property that names it. */
const TEMPLATE_HOLDERS: ReadonlyMap<string, string> = new Map([
  ['AWS::CloudFormation::Stack', 'TemplateURL'],
  ['AWS::Serverless::Application', 'Location'],
]);

/** Transforms whose input the rules understand, or which add nothing that a rule is about. */
const KNOWN_TRANSFORMS = /^(AWS::Serverless-2016-10-31|AWS::LanguageExtensions|AWS::SecretsManager-.+|AWS::CodeDeployBlueGreen)$/;

const REMEDIATION = 'Run the check on what is not in this template: on the nested template by itself, or with loops and macros expanded. '
  + `Or acknowledge ${NAMESPACE}::${UNREADABLE} with the reason why it is safe: in the resource's Metadata, on a construct around it, or, `
  + `since a loop or a macro has no Metadata, under ${METADATA_KEY} in the template's own top-level Metadata, which counts for ${UNREADABLE} of that template only.`;

/** Macros, loops, entries that are no resources and nested templates that are elsewhere: what they come to is not in the template. */
export function unreadableIn(template: Template): Unreadable[] {
  const entries = Object.entries(section(template, 'Resources'));
  return [
    ...macrosOf(template).map((name) => unreadable(template, 'Transform', ownedByStack(template), 'Transform', `runs the macro ${name}, so what that adds or changes is not judged`)),
    ...entries.flatMap(([logicalId, raw]) => unreadableEntry(template, logicalId, raw)),
  ];
}

/** The transforms of the template as a whole that may turn it into anything. */
function macrosOf({ body }: Template): string[] {
  const declared = [body.Transform ?? [], body['Fn::Transform'] ?? []].flatMap((entry) => (Array.isArray(entry) ? entry as readonly Json[] : [entry as Json]));
  return declared.map(macroName).filter((name) => !KNOWN_TRANSFORMS.test(name));
}

function macroName(macro: Json | undefined): string {
  const name = isJsonMap(macro) ? macro.Name : macro;
  return typeof name === 'string' ? name : 'whose name is no text';
}

function unreadableEntry(template: Template, logicalId: string, raw: Json): Unreadable[] {
  if (!logicalId.startsWith('Fn::') && isJsonMap(raw) && typeof raw.Type === 'string' && raw.Type !== '') {
    const property = template.nested?.has(logicalId) ? undefined : TEMPLATE_HOLDERS.get(raw.Type);
    return property === undefined ? [] : [unreadable(template, logicalId, raw, `Properties.${property}`, 'names a template that is not at hand, so what it creates is not judged')];
  }
  return [unreadable(template, logicalId, ownedByStack(template, raw), 'Resources', whyNoResource(logicalId, raw))];
}

/** What is no construct has the path of its stack, so that whoever owns the stack can answer for it. */
function ownedByStack(template: Template, raw: Json = {}): JsonMap {
  return { Metadata: { 'aws:cdk:path': template.name, ...(isJsonMap(raw) && isJsonMap(raw.Metadata) ? raw.Metadata : {}) } };
}

function whyNoResource(logicalId: string, raw: Json): string {
  if (logicalId.startsWith('Fn::ForEach')) return 'is a loop that is not unrolled, so what it creates is not judged';
  if (logicalId === 'Fn::Transform') return `is the macro ${macroName(raw)}, so what it adds is not judged`;
  if (logicalId.startsWith('Fn::')) return 'is a function and no resource, so what it comes to is not judged';
  if (raw === null) return 'is null and no resource, so nothing of it is judged';
  if (!isJsonMap(raw)) return `is a ${Array.isArray(raw) ? 'list' : typeof raw} and no resource, so nothing of it is judged`;
  if (raw.Type === undefined || raw.Type === '') return 'has no type, so nothing of it is judged';
  return 'has a type that is not written out, so nothing of it is judged';
}

function unreadable(template: Template, logicalId: string, raw: JsonMap, path: string, message: string): Unreadable {
  const resource = new Resource(logicalId, template, raw, () => undefined);
  const finding: Finding = {
    control: 'ENGINE',
    rule: UNREADABLE,
    severity: 'error',
    stack: template.name,
    logicalId,
    resourceType: resource.type,
    ...(resource.constructPath === undefined ? {} : { constructPath: resource.constructPath }),
    path,
    message,
    remediation: REMEDIATION,
  };
  return { resource, finding };
}
