import type { Statement } from '@aws-sdk/client-wafv2';
import type { Family } from '../../lockdown/contract';

/** A resource of a stack, or of a stack nested in it. */
export interface StackResource {
  readonly type: string;
  /** The stack's name and the logical id. */
  readonly path: string;
  readonly physicalId: string;
}

/** What one IP set holds. */
export interface SetContent {
  readonly addresses: readonly string[];
  /** WAF takes a write only with the token of the last read. */
  readonly lockToken: string;
}

export interface SetSummary {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
}

/** A web ACL as far as a lock-down cares: which of its rules name which sets. */
export interface WebAclSummary {
  readonly name: string;
  readonly arn: string;
  readonly rules: readonly { readonly name: string; readonly priority: number; readonly blocks: boolean; readonly statement: Statement | undefined }[];
}

/** An action of a listener rule, as far as it decides whether a caller has to prove anything. */
export interface Action {
  readonly type: string;
  readonly order: number;
  readonly onUnauthenticated?: string;
  /** The ARNs to which a `forward` leads. */
  readonly targetGroups?: readonly string[];
}

/** One of the conditions of a listener rule, all of which have to hold. */
export interface Condition {
  readonly field: string;
  /** One of them is enough. */
  readonly values: readonly string[];
  readonly isRegex: boolean;
}

/** A rule of a listener, or what it does where none holds. */
export interface DeployedRule {
  readonly name: string;
  readonly actions: readonly Action[];
  /** None of the default action. */
  readonly conditions: readonly Condition[];
  /** Whether the target sees another path or host than the conditions do. */
  readonly rewrites: boolean;
}

export interface DeployedListener {
  /** Such as `HTTPS 443`. */
  readonly name: string;
  readonly verifiesClients: boolean;
  readonly rules: readonly DeployedRule[];
}

/** What the command asks of AWS. */
export interface LockdownAws {
  /** Undefined where there is no such stack. */
  resourcesOf(stack: string): Promise<readonly StackResource[] | undefined>;
  ipSets(): Promise<readonly SetSummary[]>;
  read(set: SetSummary): Promise<SetContent>;
  /** `lost` where somebody else wrote since the token was read. */
  write(set: SetSummary, addresses: readonly string[], lockToken: string): Promise<'written' | 'lost'>;
  tagsOfSet(set: SetSummary): Promise<ReadonlyMap<string, string>>;
  webAcls(): Promise<readonly WebAclSummary[]>;
  loadBalancersOf(webAclArn: string): Promise<readonly string[]>;
  /** Of a load balancer or a target group. */
  tagsOf(arn: string): Promise<ReadonlyMap<string, string>>;
  listenersOf(loadBalancerArn: string): Promise<readonly DeployedListener[]>;
  /** The ARN of whoever runs the command. */
  caller(): Promise<string>;
  record(logGroup: string, event: object, at: Date): Promise<void>;
}

export type ByFamily<T> = Readonly<Record<Family, T>>;
