import type { Json, JsonMap } from '../../checks/template/template';

const REF_AS: ReadonlyMap<string, string> = new Map([['AWS::SecretsManager::Secret', 'Id']]);

/** The attribute that is what `Ref` gives, of types for which the engine's `Ref` gives something else than AWS's: a secret's name, and not its ARN. */
export function attributeInstead(type: string): string | undefined {
  return REF_AS.get(type);
}

/** What a resource says that it comes after. */
export function dependsOn({ DependsOn: value }: JsonMap): string[] {
  return typeof value === 'string' ? [value] : Array.isArray(value) ? (value as readonly Json[]).map(String) : [];
}

/** A parameter as CloudFormation takes it: text, lists with commas. */
export function parameterText(value: Json): string {
  return Array.isArray(value) ? (value as readonly Json[]).map(parameterText).join(',') : String(value);
}
