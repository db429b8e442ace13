import type { Family } from '../../lockdown/contract';

/** An IP set as far as the function has to know it; its addresses are none of its business. */
export interface IpSet {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
}

/** What the function asks of AWS WAF. There is no way to write addresses. */
export interface IpSets {
  find(name: string): Promise<IpSet | undefined>;
  /** Whether a switch made it: somebody else's may have the same name. */
  isOurs(set: IpSet): Promise<boolean>;
  /** An empty one. */
  create(name: string, family: Family, tags: Readonly<Record<string, string>>): Promise<IpSet>;
  /** Sets these tags and takes all others off. */
  tag(set: IpSet, tags: Readonly<Record<string, string>>): Promise<void>;
  /** `in-use` while a web ACL still refers to it. */
  remove(set: IpSet): Promise<'removed' | 'in-use'>;
}
