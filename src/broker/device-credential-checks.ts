import type { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkGiven } from '../check-given';
import { checkKind, checkKinds, having, instance, type Kinds, list, options, text } from '../check-kinds';
import { CORE_KINDS } from '../core-kinds';
import { invalidProp, isListToken } from '../invalid-prop';
import { isWhole } from '../whole-number';
import { AfterCheckout } from './after-checkout';
import { DeviceCredentialKind } from './device-credential-kind';
import type { DeviceCredentialProps, DeviceCredentialsProps } from './device-credentials-props';

const MOST_DAYS = 365;

/** What a job names: no slash, so that no credential is below another one. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const KINDS = Object.values(DeviceCredentialKind);

const NAME = 'Name what jobs call it, such as core-routers.';
const ENTRY = options('Name a credential of devices, such as { id, kind }.');
const KINDS_OF_PROPS: Kinds<DeviceCredentialProps> = {
  id: text(NAME),
  maxAge: having('toDays', 'Name a Duration, or leave it out.'),
  after: instance(AfterCheckout, 'Name AfterCheckout.keep() or AfterCheckout.rotate(…).'),
};

const REQUIRED = {
  credentials: 'List credentials of devices, such as [{ id, kind }].',
  environment: 'Name whose secrets these are, such as production.',
} as const satisfies Partial<Record<keyof DeviceCredentialsProps, string>>;
const { alarmTopic, size } = CORE_KINDS;
const KINDS_OF_ALL: Kinds<DeviceCredentialsProps> = { credentials: list(REQUIRED.credentials), environment: text(REQUIRED.environment), alarmTopic, size };

/** Refuses what would make no secrets, or such as no job could name. */
export function checkDeviceCredentials(scope: Construct, props: DeviceCredentialsProps): void {
  checkGiven(scope, props, REQUIRED);
  checkKinds(scope, props, KINDS_OF_ALL);
  const { credentials } = props;
  if (isListToken(credentials) || credentials.length === 0) throw invalidProp(scope, 'credentials', credentials, REQUIRED.credentials);
  checkNamed(scope, credentials);
}

/** Refuses what no job could name. @param prop where they stand */
export function checkNamed(scope: Construct, credentials: readonly DeviceCredentialProps[], prop = 'credentials'): void {
  for (const [index, credential] of credentials.entries()) {
    checkKind(scope, `${prop}[${index}]`, credential, ENTRY);
    checkGiven(scope, credential, { id: NAME }, `${prop}[${index}].`);
    checkKinds(scope, credential, KINDS_OF_PROPS, `${prop}[${index}].`);
    credential.after?._check(scope, `${prop}[${index}].after`);
  }
  const ids = credentials.map(({ id }) => id);
  for (const [index, { id, kind, maxAge }] of credentials.entries()) {
    if (!ID.test(id)) throw invalidProp(scope, `${prop}[${index}].id`, id, 'Begin with a letter or digit, and use letters, digits and . _ - only, 64 at most.');
    if (ids.indexOf(id) !== index) throw invalidProp(scope, `${prop}[${index}].id`, id, 'Another credential has it: give each an id of its own.');
    if (!KINDS.includes(kind)) throw invalidProp(scope, `${prop}[${index}].kind`, kind, `Name one of ${KINDS.join(', ')}.`);
    if (maxAge === undefined || isDays(maxAge)) continue;
    throw invalidProp(scope, `${prop}[${index}].maxAge`, maxAge.isUnresolved() ? 'a token' : maxAge.toString(), `Name whole days from 1 to ${MOST_DAYS}.`);
  }
}

function isDays(maxAge: Duration): boolean {
  return !maxAge.isUnresolved() && isWhole(maxAge.toDays({ integral: false }), 1, MOST_DAYS);
}
