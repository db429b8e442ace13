import { AUDIT_EVENT, type AuditRecord } from '../../audit/contract';
import type { OnOutput } from '../processes/managed-process';

/** All that one task has written. Its last lines would not do: a flood has more of them, and what must not be written could be in any. */
export class GateOutput {
  private stdout = '';
  private stderr = '';
  private readUpTo = 0;
  private readonly found: AuditRecord[] = [];

  public readonly hear: OnOutput = (text, stream) => {
    if (stream === 'stdout') this.stdout += text;
    else this.stderr += text;
  };

  public text(): string {
    return `${this.stdout}\n${this.stderr}`;
  }

  /** In the order in which they were written. A line that is still being written is none yet. */
  public records(): readonly AuditRecord[] {
    const end = this.stdout.lastIndexOf('\n') + 1;
    for (const line of this.stdout.slice(this.readUpTo, end).split('\n')) {
      const record = recordIn(line);
      if (record !== undefined) this.found.push(record);
    }
    this.readUpTo = end;
    return this.found;
  }
}

/** Undefined where the line is another one of the gate, or none of its own, such as a warning of Node's. */
function recordIn(line: string): AuditRecord | undefined {
  try {
    const value = JSON.parse(line) as (AuditRecord & { readonly event?: string }) | null;
    return value?.event === AUDIT_EVENT ? value : undefined;
  } catch {
    return undefined;
  }
}
