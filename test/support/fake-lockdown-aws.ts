import type { DeployedListener, LockdownAws, SetContent, SetSummary, StackResource, WebAclSummary } from '../../src/cli/lockdown/aws';
import { LOCKDOWN_TYPE, RECORDS_TAG } from '../../src/lockdown/contract';

const set = (name: string): SetSummary => ({ name, id: `id-of-${name}`, arn: `arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/${name}/id` });

export const PROVEN: DeployedListener = {
  name: 'HTTPS 443',
  verifiesClients: false,
  rules: [
    { name: 'rule 1000', actions: [{ type: 'jwt-validation', order: 1 }, { type: 'forward', order: 2 }] },
    { name: 'the default action', actions: [{ type: 'fixed-response', order: 1 }] },
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

  public tagsOfLoadBalancer(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map([['cdk-secure-core:exposure', this.exposure]]));
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
