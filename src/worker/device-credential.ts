import { inspect } from 'node:util';
import { CREDENTIAL_FORMS, type CredentialForm, DEVICE_CREDENTIAL_NAMES } from '../broker/forms/contract';

export interface SshPassword {
  readonly kind: 'ssh';
  readonly username: string;
  readonly password: string;
  readonly private_key?: undefined;
}
export interface SshKey {
  readonly kind: 'ssh';
  readonly username: string;
  /** PEM. */
  readonly private_key: string;
  readonly passphrase?: string;
  readonly password?: undefined;
}
export interface SnmpUser {
  readonly kind: 'snmp';
  readonly version: '3';
  readonly username: string;
  readonly auth_protocol: 'SHA-256' | 'SHA-512' | 'SHA';
  readonly auth_password: string;
  readonly priv_protocol: 'AES' | 'AES-256';
  readonly priv_password: string;
}
export interface SnmpCommunity {
  readonly kind: 'snmp';
  readonly version: '2c';
  readonly community: string;
}
export interface ApiKey {
  readonly kind: 'api_key';
  readonly api_key: string;
  /** In which it is sent. */
  readonly header?: string;
}
/** What a device lets somebody in by. Its secrets are read by name and are not enumerable: copies of it, logs and JSON do not have them. */
export type DeviceCredential = SshPassword | SshKey | SnmpUser | SnmpCommunity | ApiKey;

export const REDACTED = '[REDACTED]';

/** @throws TypeError where it has none of the forms; its message holds nothing of the value */
export function readCredential(value: unknown): DeviceCredential {
  const form = formOf(value);
  if (form === undefined || !hasForm(value)) throw new TypeError('checkout: the credential has none of the known forms.');
  return sealed(value, Object.keys(form).filter((name) => form[name]?.isSecret === true));
}

const hasForm = (value: unknown): value is DeviceCredential => formOf(value) !== undefined;

function formOf(value: unknown): CredentialForm | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, ...fields }: Record<string, unknown> = { ...value };
  const name = DEVICE_CREDENTIAL_NAMES.find((one) => one === kind);
  return name && CREDENTIAL_FORMS[name].find((form) => Object.keys(fields).every((field) => field in form) && Object.entries(form).every(([field, { pattern, isAlways }]) => {
    const text = fields[field];
    return text === undefined ? !isAlways : typeof text === 'string' && new RegExp(`^(?:${pattern})$`).test(text);
  }));
}

/** A copy whose secrets are accessors, which no printing calls. */
function sealed<Value extends object>(value: Value, secrets: readonly string[]): Value {
  const copy = { ...value };
  for (const [name, text] of Object.entries(value)) if (secrets.includes(name)) Object.defineProperty(copy, name, { get: (): unknown => text, enumerable: false });
  const shown = (): object => Object.fromEntries(Object.entries(value).map(([name, text]) => [name, secrets.includes(name) ? REDACTED : text]));
  Object.defineProperty(copy, 'toJSON', { value: shown });
  Object.defineProperty(copy, inspect.custom, { value: shown });
  return Object.freeze(copy);
}
