import { handle, type LockdownEvent } from '../../../src/runtime/lockdown/handle';
import type { IpSet, IpSets } from '../../../src/runtime/lockdown/ip-sets';

interface Held extends IpSet {
  readonly family: string;
  tags: Readonly<Record<string, string>>;
  addresses: string[];
  readonly foreign?: boolean;
}

class FakeIpSets implements IpSets {
  public readonly held: Held[] = [];
  public busy = 0;
  public failing: string | undefined;

  public find(name: string): Promise<IpSet | undefined> {
    return Promise.resolve(this.held.find((set) => set.name === name));
  }

  public isOurs({ name }: IpSet): Promise<boolean> {
    return Promise.resolve(this.held.some((set) => set.name === name && !set.foreign));
  }

  public create(name: string, family: string, tags: Readonly<Record<string, string>>): Promise<IpSet> {
    if (name === this.failing) return Promise.reject(new Error('WAFLimitsExceededException'));
    const set = { name, id: `id-${name}`, arn: `arn:${name}`, family, tags, addresses: [] };
    this.held.push(set);
    return Promise.resolve(set);
  }

  public tag({ name }: IpSet, tags: Readonly<Record<string, string>>): Promise<void> {
    const set = this.held.find((candidate) => candidate.name === name);
    if (set) set.tags = tags;
    return Promise.resolve();
  }

  public remove({ name }: IpSet): Promise<'removed' | 'in-use'> {
    if (this.busy > 0) {
      this.busy -= 1;
      return Promise.resolve('in-use');
    }
    this.held.splice(this.held.findIndex((set) => set.name === name), 1);
    return Promise.resolve('removed');
  }
}

let sets: FakeIpSets;
let pauses: number;
beforeEach(() => {
  sets = new FakeIpSets();
  pauses = 0;
});

const run = (event: Partial<LockdownEvent>): ReturnType<typeof handle> => handle(
  { RequestType: 'Create', ResourceProperties: { Name: 'Switch', Tags: { team: 'a' } }, ...event },
  sets,
  { attempts: 3, pauseMs: 1, sleep: () => { pauses += 1; return Promise.resolve(); } },
);

describe('the function behind a lock-down', () => {
  test('makes an empty set for IPv4 and one for IPv6', async () => {
    expect(await run({})).toEqual({ physicalId: 'Switch', attributes: { Ipv4SetArn: 'arn:Switch-v4', Ipv6SetArn: 'arn:Switch-v6' } });
    expect(sets.held.map(({ name, family, addresses, tags }) => ({ name, family, addresses, tags }))).toEqual([
      { name: 'Switch-v4', family: 'IPV4', addresses: [], tags: { team: 'a' } },
      { name: 'Switch-v6', family: 'IPV6', addresses: [], tags: { team: 'a' } },
    ]);
  });

  test.each(['Create', 'Update'] as const)('leaves the addresses of sets alone that are there when asked to %s, and renews their tags', async (RequestType) => {
    await run({});
    for (const set of sets.held) set.addresses = ['locked'];
    await run({ RequestType, PhysicalResourceId: 'Switch', ResourceProperties: { Name: 'Switch', Tags: { team: 'b' } } });
    expect(sets.held.map(({ addresses, tags }) => ({ addresses, tags }))).toEqual([{ addresses: ['locked'], tags: { team: 'b' } }, { addresses: ['locked'], tags: { team: 'b' } }]);
  });

  test('makes a set anew that somebody took away', async () => {
    await run({});
    sets.held.shift();
    await run({ RequestType: 'Update', PhysicalResourceId: 'Switch' });
    expect(sets.held.map(({ name }) => name).sort()).toEqual(['Switch-v4', 'Switch-v6']);
  });

  test('leaves nothing behind after a creation that failed half-way and the deletion that follows it', async () => {
    sets.failing = 'Switch-v6';
    await expect(run({})).rejects.toThrow('WAFLimitsExceededException');
    expect(sets.held).toHaveLength(1);
    await run({ RequestType: 'Delete', PhysicalResourceId: 'Switch' });
    expect(sets.held).toEqual([]);
  });

  test("neither takes over nor deletes somebody else's set of the same name", async () => {
    const foreign = { name: 'Switch-v6', id: 'id', arn: 'arn', family: 'IPV6', tags: { theirs: 'yes' }, addresses: ['192.0.2.0/24'], foreign: true };
    sets.held.push(foreign);
    await expect(run({})).rejects.toThrow('IP set Switch-v6 is there already and no switch made it');
    await run({ RequestType: 'Delete', PhysicalResourceId: 'Switch' });
    expect(sets.held).toEqual([{ ...foreign, tags: { theirs: 'yes' } }]);
  });

  test('deletes what is gone already without a word', async () => {
    await expect(run({ RequestType: 'Delete', PhysicalResourceId: 'Switch' })).resolves.toEqual({ physicalId: 'Switch', attributes: {} });
  });

  test('waits for a web ACL to let go of a set', async () => {
    await run({});
    sets.busy = 4;
    await run({ RequestType: 'Delete', PhysicalResourceId: 'Switch' });
    expect(sets.held).toEqual([]);
    // Two rounds for both sets together: each on its own would outlast the function.
    expect(pauses).toBe(2);
  });

  test('gives up where a web ACL does not let go, and says which set it is', async () => {
    await run({});
    sets.busy = 99;
    await expect(run({ RequestType: 'Delete', PhysicalResourceId: 'Switch' })).rejects.toThrow('IP set Switch-v4 is still in use by a web ACL');
  });

  test('refuses a resource without a name', async () => {
    await expect(run({ ResourceProperties: {} })).rejects.toThrow('no property Name');
  });
});
