import { isJsonMap, type Json, section, type Template, flatten } from '../../checks/template/template';
import { PRIVATE } from '../private-places';

/** Shorter texts are in every sentence, and no secrets. */
const MIN_SECRET = 6;

/** Takes out of a message of the engine's what the templates keep at places for secrets, and parameters that nobody may echo. */
export function discreet(message: string, templates: readonly Template[]): string {
  const secrets = templates.flatMap(flatten).flatMap(({ name, body }) => [
    ...Object.values(section({ name, body }, 'Parameters')).filter((declared) => isJsonMap(declared) && String(declared.NoEcho) === 'true').flatMap((declared) => textsIn(declared)),
    ...privateTexts(body.Resources ?? null),
  ]);
  // The longest first: another may be a part of it.
  return [...new Set(secrets)].sort((a, b) => b.length - a.length).reduce((said, secret) => said.replaceAll(secret, '…'), message);
}

function privateTexts(value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(privateTexts);
  if (!isJsonMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (PRIVATE.test(key) ? textsIn(inner) : privateTexts(inner)));
}

/** Every text below a value, but for what intrinsic functions name. */
function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return value.length < MIN_SECRET ? [] : [value];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(textsIn);
  if (!isJsonMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (NAMING.has(key) ? [] : textsIn(inner)));
}

const NAMING = new Set(['Ref', 'Fn::GetAtt', 'Fn::ImportValue', 'Type', 'Name', 'Description', 'Field', 'LogDriver']);
