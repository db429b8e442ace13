import type { KeysAws, NewKey, Revocation, StoredKey } from '../../src/cli/keys/aws';
import type { DeployedTask } from '../../src/cli/deployed/aws';
import type { StackResource } from '../../src/cli/lockdown/aws';

/** An account with one gate in it, to be bent by a test. */
export class FakeKeysAws implements KeysAws {
  public resources: StackResource[] | undefined = [{ type: 'AWS::DynamoDB::Table', path: 'Core/Table', physicalId: 'gate-table' }];
  public readonly tags = new Map<string, ReadonlyMap<string, string>>([['gate-table', new Map([['cdk-secure-core:gate-table', 'Core/Gate']])]]);
  public readonly stored = new Map<string, StoredKey>();
  /** As they were added, with who did. */
  public readonly added: (NewKey & { readonly table: string })[] = [];
  public readonly revocations: (Revocation & { readonly table: string })[] = [];
  public callerFailure: Error | undefined;
  /** By the ARN of the service. */
  public readonly tasks = new Map<string, DeployedTask>();
  /** By the reference of a container's variable. */
  public readonly auditKeys = new Map<string, string>();

  public resourcesOf(): Promise<readonly StackResource[] | undefined> {
    return Promise.resolve(this.resources);
  }

  public tagsOfTable(name: string): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(this.tags.get(name) ?? new Map());
  }

  public taskOf(service: string): Promise<DeployedTask | undefined> {
    return Promise.resolve(this.tasks.get(service));
  }

  public auditKey(reference: string): Promise<string> {
    const key = this.auditKeys.get(reference);
    const denied = new Error('User: x is not authorized to perform: secretsmanager:GetSecretValue on resource: y');
    return key === undefined ? Promise.reject(Object.assign(denied, { name: 'AccessDeniedException' })) : Promise.resolve(key);
  }

  public caller(): Promise<string> {
    return this.callerFailure ? Promise.reject(this.callerFailure) : Promise.resolve('arn:aws:iam::111122223333:user/operator');
  }

  public keys(): Promise<readonly StoredKey[]> {
    return Promise.resolve([...this.stored.values()]);
  }

  public find(_: string, digest: string): Promise<StoredKey | undefined> {
    return Promise.resolve(this.stored.get(digest));
  }

  public add(table: string, key: NewKey): Promise<'added' | 'taken'> {
    if (this.stored.has(key.digest)) return Promise.resolve('taken');
    this.added.push({ ...key, table });
    this.put(key.digest, key.owner, { scopes: key.scopes, createdAt: key.createdAt.toISOString(), validUntil: key.validUntil.getTime() / 1000 });
    return Promise.resolve('added');
  }

  public revoke(table: string, revocation: Revocation): Promise<void> {
    this.revocations.push({ ...revocation, table });
    const key = this.stored.get(revocation.value);
    if (key) this.stored.set(key.digest, { ...key, revokedAt: key.revokedAt ?? revocation.at.toISOString() });
    return Promise.resolve();
  }

  public put(digest: string, owner: string, more: Partial<StoredKey> = {}): void {
    this.stored.set(digest, { digest, id: digest.slice(0, 12), owner, scopes: ['chat'], createdAt: '2029-12-01T00:00:00.000Z', validUntil: Date.parse('2030-03-01T00:00:00Z') / 1000, ...more });
  }
}
