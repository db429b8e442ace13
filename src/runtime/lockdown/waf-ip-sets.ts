import {
  CreateIPSetCommand, DeleteIPSetCommand, GetIPSetCommand, type IPSetSummary, ListIPSetsCommand, ListTagsForResourceCommand, type Tag, TagResourceCommand, UntagResourceCommand,
  WAFAssociatedItemException, type WAFV2Client, WAFNonexistentItemException, WAFOptimisticLockException,
} from '@aws-sdk/client-wafv2';
import { type Family, RECORDS_TAG } from '../../lockdown/contract';
import type { IpSet, IpSets } from './ip-sets';

const REGIONAL = { Scope: 'REGIONAL' } as const;

/** The regional IP sets of this account. */
export class WafIpSets implements IpSets {
  public constructor(private readonly waf: WAFV2Client) {}

  public async find(name: string): Promise<IpSet | undefined> {
    let NextMarker: string | undefined;
    do {
      const page = await this.waf.send(new ListIPSetsCommand({ ...REGIONAL, NextMarker, Limit: 100 }));
      const found = page.IPSets?.find((set) => set.Name === name);
      if (found) return toIpSet(found);
      NextMarker = page.NextMarker;
    } while (NextMarker !== undefined && NextMarker !== '');
    return undefined;
  }

  public async isOurs({ arn }: IpSet): Promise<boolean> {
    return (await this.tagsOf(arn)).some(({ Key }) => Key === RECORDS_TAG);
  }

  public async create(name: string, family: Family, tags: Readonly<Record<string, string>>): Promise<IpSet> {
    const { Summary } = await this.waf.send(new CreateIPSetCommand({
      ...REGIONAL,
      Name: name,
      Description: 'Whoever is in it is locked out. Written by cdk-secure-core lockdown and by no deployment.',
      IPAddressVersion: family,
      Addresses: [],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }));
    return toIpSet(Summary ?? {});
  }

  public async tag({ arn }: IpSet, tags: Readonly<Record<string, string>>): Promise<void> {
    const gone = (await this.tagsOf(arn)).flatMap(({ Key }) => (Key === undefined || Key in tags || Key.startsWith('aws:') ? [] : [Key]));
    if (gone.length > 0) await this.waf.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: gone }));
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    if (Tags.length > 0) await this.waf.send(new TagResourceCommand({ ResourceARN: arn, Tags }));
  }

  public async remove({ id: Id, name: Name }: IpSet): Promise<'removed' | 'in-use'> {
    try {
      const { LockToken } = await this.waf.send(new GetIPSetCommand({ ...REGIONAL, Id, Name }));
      await this.waf.send(new DeleteIPSetCommand({ ...REGIONAL, Id, Name, LockToken }));
      return 'removed';
    } catch (error) {
      if (error instanceof WAFNonexistentItemException) return 'removed';
      // Somebody wrote to it in between: the next attempt has the new token.
      if (error instanceof WAFAssociatedItemException || error instanceof WAFOptimisticLockException) return 'in-use';
      throw error;
    }
  }

  private async tagsOf(ResourceARN: string): Promise<readonly Tag[]> {
    return (await this.waf.send(new ListTagsForResourceCommand({ ResourceARN }))).TagInfoForResource?.TagList ?? [];
  }
}

function toIpSet({ Id, Name, ARN }: IPSetSummary): IpSet {
  if (Id === undefined || Name === undefined || ARN === undefined) throw new Error('AWS WAF described an IP set without its id, name or ARN.');
  return { id: Id, name: Name, arn: ARN };
}
