import { RotationError, type Retirement, type SecretStrategy } from '../../src/runtime/rotation/ports';
import type { Faults } from './secret-versions';

/** A store that lets in two passwords at most, which are only ever replaced together, as ElastiCache's users do. */
export class TwoPasswords implements SecretStrategy {
  public accepted: readonly string[];
  public isHeld = false;
  private made = 0;

  public constructor(first: string, private readonly faults: Faults) {
    this.accepted = [first];
  }

  public async create(): Promise<string> {
    return this.faults.io(() => `canary-password-${this.made++}`);
  }

  public async set({ current, pending }: { readonly current: string; readonly pending: string }): Promise<void> {
    await this.replace(current, [pending, current]);
  }

  public async test(pending: string): Promise<void> {
    const isLetIn = await this.faults.io(() => this.accepted.includes(pending));
    if (!isLetIn) throw new RotationError('NOT_LET_IN', 'The new password is not let in.');
  }

  public async retire({ current }: { readonly current: string }): Promise<Retirement> {
    if (this.isHeld) return { outcome: 'held' };
    await this.replace(current, [current]);
    return { outcome: 'retired' };
  }

  public async ensure(): Promise<undefined> {
    return this.faults.io(() => undefined);
  }

  private async replace(current: string, passwords: readonly string[]): Promise<void> {
    const isLetIn = await this.faults.io(() => this.accepted.includes(current));
    if (!isLetIn) throw new RotationError('CURRENT_NOT_LET_IN', 'The current password is not let in.');
    await this.faults.io(() => {
      this.accepted = passwords;
    });
  }
}
