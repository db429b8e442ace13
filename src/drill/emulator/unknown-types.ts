import { type CloudFormationClient, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { messageOf } from '../message-of';

const UNRECOGNIZED = /Unrecognized resource types: \[([^\]]*)\]/;

/** The types that the engine's CloudFormation refuses, by its own word: a list kept here would say what some version of it did. */
export async function unknownTypes(cloudFormation: CloudFormationClient, types: readonly string[]): Promise<ReadonlySet<string>> {
  if (types.length === 0) return new Set();
  const Resources = Object.fromEntries(types.map((Type, index) => [`Type${index}`, { Type }]));
  try {
    await cloudFormation.send(new ValidateTemplateCommand({ TemplateBody: JSON.stringify({ Resources }) }));
    return new Set();
  } catch (error) {
    const listed = UNRECOGNIZED.exec(messageOf(error))?.[1];
    // What else the engine may have against resources without properties it says again, and better, at the deployment.
    return new Set(listed?.split(',').map((type) => type.trim()) ?? []);
  }
}
