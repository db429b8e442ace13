import { MASTER_KEY_METADATA, ROTATION_BY_ISSUER_METADATA } from '../../secrets/contract';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import { type Property, UndecidableError } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { DeclaredSecret } from '../template/value';
import { oncePerGraph } from './pointers';
import { placesAt, SECRET_PROPERTIES } from './sec-literal';
import { strengthOf } from './secret-strength';
import { metadataText, SECRET, secretAt } from './secrets';

/** What a key is made of: 32 random bytes (CX-33, C-27). */
const KEY_BITS = 256;

/** A password of a store: 20 characters (NT-41), and what keeps guessing out for good (NIST SP 800-57 part 1, table 2). */
const PASSWORD_LENGTH = 20;
const PASSWORD_BITS = 112;

/** A store's password is guessed at the store, a key wherever somebody has seen what it made. */
const passwords = oncePerGraph((graph: TemplateGraph): ReadonlySet<Resource> => new Set(Object.entries(SECRET_PROPERTIES)
  .filter(([type]) => type !== SECRET)
  .flatMap(([type, paths]) => graph.ofType(type).flatMap((store) => paths.flatMap((path) => secretsAt(store, path, graph))))));

/** A place that cannot be read names none that is known; what is wrong with it another rule says (SEC-1). */
function secretsAt(store: Resource, path: string, graph: TemplateGraph): readonly Resource[] {
  try {
    return placesAt(store.whole, path).flatMap((place) => secretAt(place, store, graph) ?? []);
  } catch (error) {
    if (!(error instanceof UndecidableError)) throw error;
    return [];
  }
}

const isPassword = (secret: Resource, generated: Property, graph: TemplateGraph): boolean =>
  passwords(graph).has(secret) || /"username"\s*:/.test(generated.get('SecretStringTemplate').partialText().text) || /passw(or)?d/i.test(generated.get('GenerateStringKey').partialText().text);

/** A value that somebody else makes: its issuer, or a function at deployment. */
const isMadeElsewhere = (secret: Resource): boolean => [ROTATION_BY_ISSUER_METADATA, MASTER_KEY_METADATA].some((key) => metadataText(secret, key) !== undefined);

const generated = defineRule('SEC-4', 'generated', {
  appliesTo: [SECRET],
  remediation: `Let GenerateSecretString make it: PasswordLength 64 without punctuation for a key, ${PASSWORD_LENGTH} or more for the password of a store.`,
  check(secret, graph) {
    const place = secret.prop('GenerateSecretString');
    if (!place.exists) {
      if (secret.prop('SecretString').exists || isMadeElsewhere(secret)) return NOT_APPLICABLE;
      return fail(place, 'is not set, so the secret is empty until somebody types a value, and how strong that is nobody knows');
    }
    const { length, alphabet, bits } = strengthOf(place);
    const what = `makes ${length} of ${alphabet} characters, ${Math.floor(bits)} bits`;
    if (isPassword(secret, place, graph)) {
      return expect(length >= PASSWORD_LENGTH && bits >= PASSWORD_BITS, place, `${what}; a password has ${PASSWORD_LENGTH} characters and ${PASSWORD_BITS} bits or more`);
    }
    return expect(bits >= KEY_BITS, place, `${what}; a key has ${KEY_BITS} bits (32 random bytes) or more`);
  },
});

/** What stands in samples and manuals, and in many a deployment. */
const PLACEHOLDER = /^(<.*>|\{\{.*\}\}|\$\{.*\}|x+|\.+|\*+|(your|my|some|insert|put|enter)[-_ ].*|.*(change[-_ ]?(me|it|this)|replace[-_ ]?(me|this)|example|placeholder|dummy|sample|strong[-_ ](key|password|secret)).*|(super[-_ ]?)?(secret|password|passwd|pass|pwd|key|token|test|dev|todo|none|null|default|admin|root|postgres|redis|letmein|hunter2|qwerty|shared-secret-key)(-?\d{1,6})?|\d{1,12})$/i;

/** A value that is known here though nobody wrote it where it stands: a parameter's default. */
function knownAt(place: Property): string | undefined {
  if (place.value instanceof DeclaredSecret) return place.value.held;
  return place.text();
}

function isNoPlaceholder(place: Property): readonly Outcome[] {
  const value = place.exists ? knownAt(place) : undefined;
  if (value === undefined) return place.exists ? PASS : NOT_APPLICABLE;
  if (PLACEHOLDER.test(value.trim())) return fail(place, 'is a placeholder, which everybody tries first');
  return expect(value.length >= PASSWORD_LENGTH, place, `has ${value.length} characters; ${PASSWORD_LENGTH} are the least`);
}

const weakValue = defineRule('SEC-4', 'weak-value', {
  extent: 'values that a template or its parameters hold',
  appliesTo: Object.keys(SECRET_PROPERTIES),
  remediation: 'Let Secrets Manager generate it (GenerateSecretString, ManageMasterUserPassword) and refer to it.',
  check: (resource) => all(...(SECRET_PROPERTIES[resource.type] ?? []).map((path) => () => each(placesAt(resource.whole, path), (place) => {
    // Read from a secret store, it is judged there; JSON has fields, which SEC-1 reads.
    if (/\{\{resolve:/.test(place.partialText().text) || /^\s*\{\s*"/.test(place.partialText().text)) return PASS;
    return isNoPlaceholder(place);
  }))),
});

export const SEC_STRENGTH_RULES = [generated, weakValue];
