/** What a credential of devices looks like: JSON objects of texts, by which values are judged at every checkout and answers are described. */

/** Kinds as names of secrets and answers say them: the members of `DeviceCredentialKind` in lower case. */
export const DEVICE_CREDENTIAL_NAMES = ['ssh', 'snmp', 'api_key'] as const;
export type DeviceCredentialName = (typeof DEVICE_CREDENTIAL_NAMES)[number];

export interface CredentialField {
  /** What the value matches, whole; without anchors, and of JSON Schema. */
  readonly pattern: string;
  readonly isAlways: boolean;
  /** Whether it must not look like what documents write in the place of a value (M-48). */
  readonly isSecret: boolean;
}

/** One of the forms that a kind may have. A value has the fields of one of them, and no other. */
export type CredentialForm = Readonly<Record<string, CredentialField>>;

const open = (pattern: string): CredentialField => ({ pattern, isAlways: true, isSecret: false });
const secret = (pattern: string): CredentialField => ({ pattern, isAlways: true, isSecret: true });

const LINE = String.raw`[^\u0000-\u001f\u007f]{1,1024}`;
/** RFC 3414, 11.2: not shorter. */
const SNMP_SECRET = String.raw`[^\u0000-\u001f\u007f]{8,1024}`;
const PEM = String.raw`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[A-Za-z0-9+/=\r\n:, .-]{16,12000}-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----[\r\n]{0,2}`;

export const CREDENTIAL_FORMS: Readonly<Record<DeviceCredentialName, readonly CredentialForm[]>> = {
  ssh: [
    { username: open(LINE), password: secret(LINE) },
    { username: open(LINE), private_key: secret(PEM), passphrase: { ...secret(LINE), isAlways: false } },
  ],
  snmp: [
    {
      version: open('3'), username: open(LINE), auth_protocol: open('SHA-256|SHA-512|SHA'), auth_password: secret(SNMP_SECRET), priv_protocol: open('AES|AES-256'), priv_password: secret(SNMP_SECRET),
    },
    // What devices leave the factory with is known to everybody.
    { version: open('2c'), community: secret(String.raw`(?!(?:[Pp][Uu][Bb][Ll][Ii][Cc]|[Pp][Rr][Ii][Vv][Aa][Tt][Ee])$)[^\u0000-\u001f\u007f]{1,255}`) },
  ],
  api_key: [{ api_key: secret(String.raw`[^\u0000-\u001f\u007f]{16,4096}`), header: { ...open('[A-Za-z][A-Za-z0-9-]{0,63}'), isAlways: false } }],
};
