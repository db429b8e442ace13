import { CREDENTIAL_FORMS, type CredentialForm, type DeviceCredentialName } from '../../broker/forms/contract';
import { type JsonObject, memberOf, parseJsonObject } from '../shared/json-object';
import { isPlaceholder } from '../shared/placeholder';

/**
 * A value as a worker gets it, with its kind; nothing where it has none of the kind's forms. A value is judged each time it is read: whoever writes it does so
 * behind the broker's back, and a device that gets half a login locks its account.
 */
export function credentialIn(value: string | undefined, kind: DeviceCredentialName): JsonObject | undefined {
  const object = parseJsonObject(value ?? '');
  return object !== undefined && CREDENTIAL_FORMS[kind].some((form) => hasForm(object, form)) ? { kind, ...object } : undefined;
}

function hasForm(object: JsonObject, form: CredentialForm): boolean {
  if (Object.keys(object).some((name) => !Object.hasOwn(form, name))) return false;
  return Object.entries(form).every(([name, { pattern, isAlways, isSecret }]) => {
    const value = memberOf(object, name);
    if (value === undefined) return !isAlways;
    return typeof value === 'string' && new RegExp(`^(?:${pattern})$`).test(value) && !(isSecret && isPlaceholder(value));
  });
}
