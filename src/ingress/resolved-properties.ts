import { type CfnResource, Stack, Token } from 'aws-cdk-lib';

type Properties = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a resource's properties come to in the template, overrides included; references stay what they are there. */
export function resolvedProperties(resource: CfnResource): Properties {
  const fragment: unknown = Stack.of(resource).resolve(resource._toCloudFormation());
  const resources = isMap(fragment) ? fragment.Resources : undefined;
  const [rendered] = isMap(resources) ? Object.values(resources) : [];
  return isMap(rendered) && isMap(rendered.Properties) ? rendered.Properties : {};
}

/** The maps of a list; nothing where the list is one that only a deployment knows. */
export function maps(list: unknown): Properties[] {
  return Array.isArray(list) ? list.filter(isMap) : [];
}

/** The texts of a list that are known. */
export function texts(...list: readonly unknown[]): string[] {
  return list.filter((entry): entry is string => typeof entry === 'string' && !Token.isUnresolved(entry));
}
