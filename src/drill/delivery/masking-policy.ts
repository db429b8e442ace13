import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import { listOf, mapOf, mapsIn } from '../json';

/** What a log group makes of a line before anybody reads it. */
export type Mask = (line: string) => string;

/**
 * What some of AWS's own identifiers look like. Which patterns AWS itself uses is not published in full, so these are ours, and no more than what the attacks
 * send; the others are not evaluated.
 */
const MANAGED: Readonly<Record<string, RegExp>> = {
  EmailAddress: /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g,
  AwsSecretKey: /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])/g,
  OpenSshPrivateKey: /-----BEGIN OPENSSH PRIVATE KEY-----[\s\S]*?-----END OPENSSH PRIVATE KEY-----/g,
  PkcsPrivateKey: /-----BEGIN (?:RSA |EC |ENCRYPTED )?PRIVATE KEY-----[\s\S]*?-----END (?:RSA |EC |ENCRYPTED )?PRIVATE KEY-----/g,
};

/**
 * Reads the DataProtectionPolicy of a log group: what its statements de-identify is masked (CloudWatch Logs guide, "Data protection policy syntax"). Without one
 * nothing is. Names are taken with a capital or without, since CloudFormation takes both.
 */
export function maskOf(policy: Json | undefined): Mask {
  if (!isJsonMap(policy)) return (line) => line;
  const custom = customIn(policy);
  const masking = mapsIn(named(policy, 'Statement')).filter((statement) => isJsonMap(named(mapOf(named(statement, 'Operation')), 'Deidentify')));
  const patterns = masking.flatMap((statement) => listOf(named(statement, 'DataIdentifier')).flatMap((identifier) => {
    const name = String(identifier).split('/').at(-1) ?? '';
    return custom.get(name) ?? MANAGED[name] ?? [];
  }));
  return (line) => patterns.reduce((masked, pattern) => masked.replace(pattern, (found) => '*'.repeat(found.length)), line);
}

function customIn(policy: JsonMap): Map<string, RegExp> {
  const listed = mapsIn(named(mapOf(named(policy, 'Configuration')), 'CustomDataIdentifier'));
  return new Map(listed.map((identifier) => [String(named(identifier, 'Name')), new RegExp(String(named(identifier, 'Regex')), 'g')]));
}

function named(map: JsonMap, name: string): Json | undefined {
  return map[name] ?? map[`${name.charAt(0).toLowerCase()}${name.slice(1)}`];
}
