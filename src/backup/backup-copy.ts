import { Arn, ArnFormat, Duration, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import type { BackupCopyVault } from './backup-copy-vault';

/** How copies are made. */
export interface BackupCopyOptions {
  /**
   * How old the newest snapshot may be when it sets out, which is what is lost with a region. How long the copying takes is not in it: nothing bounds that.
   *
   * @default Duration.hours(48)
   */
  readonly rpo?: Duration;
}

/** Where copies go, as a plan has to know it. */
export interface CopyTarget {
  readonly vaultArn: string;
  readonly region: string;
  readonly rpo: Duration;
  /** Between how many days the vault keeps what is in it, where that is known. */
  readonly keeps?: { readonly least: number; readonly most: number };
}

const DEFAULT_RPO = Duration.hours(48);

/** Where every snapshot is copied to, so that it outlives its region (BDR-3). */
export class BackupCopy {
  /**
   * To a vault that this app makes in another region.
   *
   * @param vault in another stack
   * @param options how old a copy may be
   */
  public static toVault(vault: BackupCopyVault, options: BackupCopyOptions = {}): BackupCopy {
    return new BackupCopy(() => ({ vaultArn: vault.vaultArn, region: Stack.of(vault).region, keeps: vault._keeps }), options);
  }

  /**
   * To a vault that exists already, of the same account.
   *
   * @param vaultArn such as `arn:aws:backup:eu-west-1:111122223333:backup-vault:copies`
   * @param options how old a copy may be
   */
  public static toVaultArn(vaultArn: string, options: BackupCopyOptions = {}): BackupCopy {
    return new BackupCopy((scope, prop) => {
      const parts = Token.isUnresolved(vaultArn) || !/^arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}$/.test(vaultArn)
        ? undefined : Arn.split(vaultArn, ArnFormat.COLON_RESOURCE_NAME);
      if (!parts?.region) throw invalidProp(scope, prop, vaultArn, 'Name the ARN of a vault, with its region, its account and its name.');
      const { account } = Stack.of(scope);
      if (!Token.isUnresolved(account) && parts.account !== account) {
        throw invalidProp(scope, prop, vaultArn, `Name a vault of account ${account}: Amazon RDS copies to another region or to another account, and not to both.`);
      }
      return { vaultArn, region: parts.region };
    }, options);
  }

  private constructor(private readonly bind: (scope: IConstruct, prop: string) => Omit<CopyTarget, 'rpo'>, private readonly options: BackupCopyOptions) {}

  /**
   * What a plan has to know. A vault of the same region would be lost with it.
   *
   * @internal
   */
  public _bind(scope: IConstruct, prop: string): CopyTarget {
    const target = this.bind(scope, prop);
    const { region } = Stack.of(scope);
    if (Token.isUnresolved(region)) throw invalidProp(scope, prop, `a vault of ${target.region}`, 'Give this stack a region (env), so that nobody copies into the same one.');
    if (target.region === region) throw invalidProp(scope, prop, `a vault of ${target.region}`, 'Name a vault of another region: this one is where the snapshots are already.');
    return { ...target, rpo: this.options.rpo ?? DEFAULT_RPO };
  }
}
