import * as logs from 'aws-cdk-lib/aws-logs';
import { DEFAULT_KEY_PREFIX } from '../authorizer/key-prefix';

/**
 * What credentials look like, for CloudWatch Logs to mask: letters, digits and a few signs, 200 characters at most, and no groups
 * (CloudWatch Logs guide, "Custom data identifiers").
 */
const CREDENTIALS: Readonly<Record<string, string>> = {
  ApiKey: keyOf(DEFAULT_KEY_PREFIX),
  BearerToken: '[Bb]earer [A-Za-z0-9_.=-]{16,}',
  SignedToken: 'eyJ[A-Za-z0-9_-]{5,}\\.eyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]{5,}',
  ProviderKey: 'sk-[A-Za-z0-9_-]{16,}',
};

function keyOf(prefix: string): string {
  return `${prefix}[A-Za-z0-9_-]{16,}`;
}

/** What AWS itself knows the look of. */
const KNOWN_TO_AWS = [logs.DataIdentifier.AWSSECRETKEY, logs.DataIdentifier.OPENSSHPRIVATEKEY, logs.DataIdentifier.PKCSPRIVATEKEY];

/** What tells of a person in whatever country, and hardly occurs by chance: digits of telephone numbers do. */
const PERSONAL = [logs.DataIdentifier.EMAILADDRESS, logs.DataIdentifier.CREDITCARDNUMBER];

const credentials = (keys: Readonly<Record<string, string>> = {}): logs.DataIdentifier[] => [
  ...Object.entries({ ...CREDENTIALS, ...keys }).map(([name, pattern]) => new logs.CustomDataIdentifier(name, pattern)), ...KNOWN_TO_AWS,
];

/**
 * Masks credentials and what tells of a person (AUD-5), for every reader and every subscription (CloudWatch Logs guide, "Help protect sensitive log data with
 * masking"): so the archive has none either.
 *
 * @param prefixes of API keys, beside the one that keys begin with unless something else is said
 */
export function maskedRecords(prefixes: readonly string[] = []): logs.DataProtectionPolicy {
  const keys = Object.fromEntries(prefixes.filter((prefix) => prefix !== DEFAULT_KEY_PREFIX).map((prefix) => [`ApiKey-${prefix.slice(0, -1)}`, keyOf(prefix)]));
  return new logs.DataProtectionPolicy({
    name: 'masked-records', description: 'Masks API keys, tokens, private keys, e-mail addresses and card numbers', identifiers: [...credentials(keys), ...PERSONAL],
  });
}
