import type { DeployedListener, LockdownAws, SetContent, SetSummary, StackResource, WebAclSummary } from '../../src/cli/lockdown/aws';
import type { Flag, FlagTables } from '../../src/cli/lockdown/flags';
import { LOCKDOWN_TYPE, RECORDS_TAG } from '../../src/lockdown/contract';

const set = (name: string): SetSummary => ({ name, id: `id-of-${name}`, arn: `arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/${name}/id` });

export const PROVEN: DeployedListener = {
  name: 'HTTPS 443',
  verifiesClients: false,
  rules: [
    { name: 'rule 1000', actions: [{ type: 'jwt-validation', order: 1 }, { type: 'forward', order: 2 }], conditions: [], rewrites: false },
    { name: 'the default action', actions: [{ type: 'fixed-response', order: 1 }], conditions: [], rewrites: false },
  ],
};

/** An account with one locked-down stack in it, to be bent by a test. */
export class FakeAws implements LockdownAws {
  public resources: StackResource[] | undefined = [{ type: LOCKDOWN_TYPE, path: 'Core/Sets', physicalId: 'Switch' }];
  public sets = [set('Switch-v4'), set('Switch-v6')];
  public readonly contents = new Map<string, readonly string[]>([['Switch-v4', []], ['Switch-v6', []]]);
  public listeners: readonly DeployedListener[] = [PROVEN];
  public protectedBy: readonly string[] = ['arn:lb'];
  public exposure = 'on';
  /** By target group. */
  public readonly gateTags = new Map<string, string>();
  /** Target groups with a broker in them. */
  public readonly brokers = new Set<string>();
  public acls: WebAclSummary[] = [{
    name: 'Acl', arn: 'arn:acl',
    rules: [{ name: 'Lockdown', priority: 0, blocks: true, statement: { OrStatement: { Statements: this.sets.map(({ arn }) => ({ IPSetReferenceStatement: { ARN: arn } })) } } }],
  }];

  public readonly records: { readonly logGroup: string; readonly event: object }[] = [];
  /** What happens to the writes of a set, one entry a write; then they succeed. */
  public readonly troubles = new Map<string, ('lost' | Error)[]>();
  public recordFailure: Error | undefined;
  public callerFailure: Error | undefined;
  public lookFailure: Error | undefined;
  public tagFailure: Error | undefined;
  /** What was asked and done, in this order. */
  public readonly calls: string[] = [];
  private version = 0;

  public resourcesOf(): Promise<readonly StackResource[] | undefined> {
    return Promise.resolve(this.resources);
  }

  public ipSets(): Promise<readonly SetSummary[]> {
    return Promise.resolve(this.sets);
  }

  public read({ name }: SetSummary): Promise<SetContent> {
    return Promise.resolve({ addresses: this.contents.get(name) ?? [], lockToken: String(this.version) });
  }

  public write({ name }: SetSummary, addresses: readonly string[]): Promise<'written' | 'lost'> {
    this.calls.push(`write ${name}`);
    const trouble = this.troubles.get(name)?.shift();
    if (trouble instanceof Error) return Promise.reject(trouble);
    if (trouble === 'lost') return Promise.resolve('lost');
    this.version += 1;
    // As WAF does, which writes IPv6 out in full.
    this.contents.set(name, addresses.map((block) => block.replace(/^::\//, '0000:0000:0000:0000:0000:0000:0000:0000/').replace(/^8000::\//, '8000:0000:0000:0000:0000:0000:0000:0000/')));
    return Promise.resolve('written');
  }

  public tagsOfSet(): Promise<ReadonlyMap<string, string>> {
    return this.tagFailure ? Promise.reject(this.tagFailure) : Promise.resolve(new Map([[RECORDS_TAG, 'audit-log']]));
  }

  public webAcls(): Promise<readonly WebAclSummary[]> {
    this.calls.push('look');
    return this.lookFailure ? Promise.reject(this.lookFailure) : Promise.resolve(this.acls);
  }

  public loadBalancersOf(): Promise<readonly string[]> {
    return Promise.resolve(this.protectedBy);
  }

  public tagsOf(arn: string): Promise<ReadonlyMap<string, string>> {
    if (this.protectedBy.includes(arn)) return Promise.resolve(new Map([['cdk-secure-core:exposure', this.exposure]]));
    if (this.brokers.has(arn)) return Promise.resolve(new Map([['cdk-secure-core:broker', 'shared-key']]));
    const told = this.gateTags.get(arn);
    return Promise.resolve(new Map(told === undefined ? [['team', 'a']] : [['cdk-secure-core:gate', told]]));
  }

  public listenersOf(): Promise<readonly DeployedListener[]> {
    return Promise.resolve(this.listeners);
  }

  public caller(): Promise<string> {
    this.calls.push('caller');
    return this.callerFailure ? Promise.reject(this.callerFailure) : Promise.resolve('arn:aws:iam::111122223333:user/operator');
  }

  public record(logGroup: string, event: object): Promise<void> {
    if (this.recordFailure) return Promise.reject(this.recordFailure);
    this.records.push({ logGroup, event });
    return Promise.resolve();
  }
}

/** Tables of one account, all of which are a gate's unless a test says otherwise. */
export class FakeTables implements FlagTables {
  public readonly raised = new Map<string, Flag>();
  public readonly others = new Set<string>();
  /** What happens to the writes of a table, one entry a write; then they succeed. */
  public readonly troubles = new Map<string, Error[]>();
  public tagFailure: Error | undefined;
  public readFailure: Error | undefined;

  public constructor(private readonly calls: string[]) {}

  public tagsOfTable(name: string): Promise<ReadonlyMap<string, string>> {
    if (this.tagFailure) return Promise.reject(this.tagFailure);
    return Promise.resolve(this.others.has(name) ? new Map() : new Map([['cdk-secure-core:gate-table', 'true']]));
  }

  public flag(table: string): Promise<Flag | undefined> {
    return this.readFailure ? Promise.reject(this.readFailure) : Promise.resolve(this.raised.get(table));
  }

  public raise(table: string, flag: Flag): Promise<void> {
    this.calls.push(`raise ${table}`);
    const trouble = this.troubles.get(table)?.shift();
    if (trouble) return Promise.reject(trouble);
    if ((this.raised.get(table)?.who ?? null) === null) this.raised.set(table, flag);
    return Promise.resolve();
  }

  public lower(table: string): Promise<void> {
    this.calls.push(`lower ${table}`);
    const trouble = this.troubles.get(table)?.shift();
    if (trouble) return Promise.reject(trouble);
    this.raised.delete(table);
    return Promise.resolve();
  }
}
