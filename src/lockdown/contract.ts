/** What the construct, the function behind it and the command line have to agree on. */

/** The type of the custom resource, by which the command line finds the switch in a stack. */
export const LOCKDOWN_TYPE = 'Custom::SecureCoreLockdown';

/** What WAF calls the two kinds of IP set. */
export const FAMILIES = ['IPV4', 'IPV6'] as const;
export type Family = (typeof FAMILIES)[number];

/** Every address there is. In halves, since WAF takes no /0 (AWS WAF guide, "IP set match rule statement"). */
export const EVERYBODY: Readonly<Record<Family, readonly string[]>> = {
  IPV4: ['0.0.0.0/1', '128.0.0.0/1'],
  IPV6: ['::/1', '8000::/1'],
};

/** The attributes of the custom resource. */
export const SET_ARN_ATTRIBUTES: Readonly<Record<Family, string>> = { IPV4: 'Ipv4SetArn', IPV6: 'Ipv6SetArn' };

const SUFFIXES: Readonly<Record<Family, string>> = { IPV4: 'v4', IPV6: 'v6' };

/** The name of one of a switch's two sets. A physical id of the custom resource is the name of the switch. */
export function setNameOf(switchName: string, family: Family): string {
  return `${switchName}-${SUFFIXES[family]}`;
}

/** A tag on the sets: the log group that is told who locked and who opened. */
export const RECORDS_TAG = 'cdk-secure-core:lockdown-records';

/** A tag on a load balancer: `on` or `off`, the exposure that was last deployed. */
export const EXPOSURE_TAG = 'cdk-secure-core:exposure';

/** The properties of the custom resource, none of which are addresses: CloudFormation must not know what the sets hold. */
export interface LockdownProperties {
  /** The name of the switch. */
  readonly Name: string;
  /** Tags of both sets. */
  readonly Tags: Readonly<Record<string, string>>;
}
