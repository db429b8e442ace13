/** JSON as CloudFormation writes it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonMap;
export interface JsonMap { readonly [key: string]: Json }

/** A CloudFormation template with what is needed to follow it into its neighbours. */
export interface Template {
  /** The stack's name, as the user knows it. */
  readonly name: string;
  readonly body: JsonMap;
  /** Where it was read, for reports that point at files. */
  readonly file?: string;
  /** Templates of nested stacks, by the logical id of the `AWS::CloudFormation::Stack` that holds them. */
  readonly nested?: ReadonlyMap<string, Template>;
}

export function isJsonMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The entry of that name, and nothing that every object inherits, such as `constructor`: templates choose their own names. */
export function own<V>(map: { readonly [key: string]: V }, name: string): V | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** A section of a template, empty where it is absent or not a map. */
export function section(template: Template, name: string): JsonMap {
  const value = own(template.body, name);
  return isJsonMap(value) ? value : {};
}

/** The template and all templates nested in it, outermost first. */
export function flatten(template: Template): Template[] {
  return [template, ...[...(template.nested?.values() ?? [])].flatMap(flatten)];
}
