import { all, defineRule, each, expect, NOT_APPLICABLE, type Outcome } from '../rule';
import type { Property } from '../template/property';
import { TASK_DEFINITION } from './containers';
import { eachGate, tokensOf } from './gate-configuration';
import { checkVariables, eachEnvironment, type Environment, PROGRAMS, type VariableCheck } from './variables';

/** What a figure has to be; the checklist's proposals where its documents name none. */
interface Bound {
  /** The key in the configuration of a gate. */
  readonly key: string;
  /** How the variable of an app that verifies by itself ends. */
  readonly variable: string;
  readonly from: number;
  readonly to: number;
  readonly isInteger: boolean;
}

const UNBOUNDED = Number.POSITIVE_INFINITY;

/** IDN-5: TG-22 to TG-26. */
const KEY_SET_BOUNDS: readonly Bound[] = [
  { key: 'ttlSeconds', variable: 'JWKS_TTL_SEC', from: 60, to: 3600, isInteger: true },
  { key: 'timeoutSeconds', variable: 'JWKS_TIMEOUT_SEC', from: 1, to: 10, isInteger: true },
  { key: 'maxAttempts', variable: 'JWKS_MAX_ATTEMPTS', from: 1, to: 5, isInteger: true },
  { key: 'backoffSeconds', variable: 'JWKS_BACKOFF_SEC', from: Number.MIN_VALUE, to: UNBOUNDED, isInteger: false },
  { key: 'maxBackoffSeconds', variable: 'JWKS_MAX_BACKOFF_SEC', from: Number.MIN_VALUE, to: UNBOUNDED, isInteger: false },
];

function inBounds(place: Property, name: string, { from, to, isInteger }: Bound): readonly Outcome[] {
  const value = place.text()?.trim() === '' ? NaN : place.number() ?? NaN;
  const range = to === UNBOUNDED ? 'a number above 0' : `${isInteger ? 'a whole number ' : ''}from ${from} to ${to}`;
  return expect(value >= from && value <= to && value < UNBOUNDED && (!isInteger || Number.isInteger(value)), place, `${name} must be ${range}${place.exists ? '' : ' (it is not set)'}`);
}

function waitsLonger(backoff: Property, maximum: Property, name: string): readonly Outcome[] {
  return expect((maximum.number() ?? NaN) >= (backoff.number() ?? NaN), maximum, `${name} is below the first wait, which it is to bound`);
}

const gateKeySets = defineRule('IDN-5', 'gate-key-sets', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the configuration of a gate',
  remediation: 'Keep signing keys for 60 to 3600 seconds, wait 1 to 10 seconds for them, try 1 to 5 times, and wait longer between tries up to a maximum. In CDK, leave the defaults.',
  check: (task) => eachGate(task, (configuration) => each(tokensOf(configuration), (token) => {
    const keys = token.get('keys');
    if (keys.get('source').text() === 'secret') return NOT_APPLICABLE;
    return all(
      ...KEY_SET_BOUNDS.map((bound) => () => inBounds(keys.get(bound.key), bound.key, bound)),
      () => waitsLonger(keys.get('backoffSeconds'), keys.get('maxBackoffSeconds'), 'maxBackoffSeconds'),
    );
  })),
});

/** The app of the checklist has no default for any of them; what others have nobody knows. */
const CHECKLIST = 'TGEFD_';

function namesAll({ owner, place, plain, secret }: Environment): readonly Outcome[] {
  const names = [...plain, ...secret].map(({ name }) => name);
  if (!names.includes(`${CHECKLIST}JWKS_URL`)) return NOT_APPLICABLE;
  const missing = KEY_SET_BOUNDS.map(({ variable }) => `${CHECKLIST}${variable}`).filter((name) => !names.includes(name));
  return expect(missing.length === 0, place, `${owner} fetches signing keys without ${missing.join(', ')}, which bound how often and for how long`);
}

function waitsLongerIn(environment: Environment): readonly Outcome[] {
  const ending = 'JWKS_MAX_BACKOFF_SEC';
  return each(environment.plain.filter(({ name }) => name.endsWith(ending)), ({ name, value }) => {
    const backoff = environment.plain.find((entry) => entry.name === name.replace('MAX_BACKOFF', 'BACKOFF'))?.value;
    return backoff ? waitsLonger(backoff, value, name) : NOT_APPLICABLE;
  });
}

const keySetVariables = defineRule('IDN-5', 'key-set-variables', {
  appliesTo: PROGRAMS,
  extent: 'variables that are called like those of the checklist',
  remediation: 'Set TTL 60 to 3600, TIMEOUT 1 to 10, MAX_ATTEMPTS 1 to 5, BACKOFF above 0 and MAX_BACKOFF at least that (TG-22 to TG-26).',
  check: (resource) => eachEnvironment(resource, (environment) => all(
    () => checkVariables(environment, KEY_SET_BOUNDS.map((bound) => ({ name: new RegExp(`(^|_)${bound.variable}$`), check: (value, name) => inBounds(value, name, bound) }))),
    () => namesAll(environment),
    () => waitsLongerIn(environment),
  )),
});

/** TG-14: what no caller can choose. */
const SUBJECT_CLAIMS = ['sub', 'client_id', 'username'];
const GATE_SKEW: Bound = { key: 'clockSkewSeconds', variable: '', from: 0, to: 60, isInteger: true };
/** TG-15. */
const APP_SKEW: Bound = { ...GATE_SKEW, variable: 'JWT_CLOCK_SKEW_SEC', to: 120 };

function isSubjectClaim(place: Property, what: string): readonly Outcome[] {
  const claim = place.text() ?? '';
  return expect(SUBJECT_CLAIMS.includes(claim), place, `${what} takes callers for who "${claim}" says they are, which is none of ${SUBJECT_CLAIMS.join(', ')}`);
}

const gateClaims = defineRule('IDN-11', 'gate-clock-and-subject', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the configuration of a gate',
  remediation: `Allow clocks 0 to ${GATE_SKEW.to} seconds, and name sub, client_id or username as the subject.`,
  check: (task) => eachGate(task, (configuration) => each(tokensOf(configuration), (token) => all(
    () => inBounds(token.get(GATE_SKEW.key), GATE_SKEW.key, GATE_SKEW),
    () => isSubjectClaim(token.get('subjectClaim'), 'the gate'),
  ))),
});

const CLAIM_VARIABLES: readonly VariableCheck[] = [
  { name: /(^|_)JWT_CLOCK_SKEW_SEC(ONDS)?$/, check: (value, name) => inBounds(value, name, APP_SKEW) },
  { name: /(^|_)JWT_SUB(JECT)?_CLAIM$/, check: (value, name) => isSubjectClaim(value, name) },
];

const claimVariables = defineRule('IDN-11', 'clock-and-subject-variables', {
  appliesTo: PROGRAMS,
  extent: 'variables that are called like those of the checklist',
  remediation: `Set the clock skew to 0 to ${APP_SKEW.to} seconds, and the subject claim to sub, client_id or username.`,
  check: (resource) => eachEnvironment(resource, (environment) => checkVariables(environment, CLAIM_VARIABLES)),
});

export const IDN_BOUND_RULES = [gateKeySets, keySetVariables, gateClaims, claimVariables];
