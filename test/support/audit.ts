import { createAudit, type AuditParts, type RunningAudit } from '../../src/runtime/gate/audit';
import { LineOutput, type WriteNow } from '../../src/runtime/gate/audit/output';
import type { AuditEntry, Identity } from '../../src/runtime/gate/ports';
import { createRedactor } from '../../src/runtime/shared/redactor';

export const AUDIT_KEY = 'an audit key of these tests';
export const NOON = Date.UTC(2026, 0, 2, 12);

export const ALICE: Identity = { subject: 'alice', proofs: new Set(['token', 'certificate']), scopes: new Set(), roles: new Set(), revocableAs: [] };

/** A request that went well. */
export function auditEntry(changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    requestId: 'r-1', identity: ALICE, action: 'POST /v1/chat/completions', outcome: 'served', status: 200, latencyMs: 12.3456, bytesIn: 10, bytesOut: 20, isStream: false, usage: {}, ...changes,
  };
}

/** A pipe whose reader can stop, and go. */
export class TestPipe {
  public text = '';
  public state: 'read' | 'full' | 'broken' = 'read';
  public writes = 0;
  public readonly output: LineOutput;

  public constructor() {
    this.output = new LineOutput(this.writeNow);
  }

  public get lines(): Record<string, unknown>[] {
    return this.text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  private readonly writeNow: WriteNow = (bytes, offset) => {
    if (this.state !== 'read') throw Object.assign(new Error('x'), { code: this.state === 'full' ? 'EAGAIN' : 'EPIPE' });
    this.writes += 1;
    this.text += bytes.subarray(offset).toString();
    return bytes.length - offset;
  };
}

export interface AuditStage {
  readonly pipe: TestPipe;
  readonly audit: RunningAudit;
  lost: number;
}

export function auditStage(changes: Partial<AuditParts> = {}): AuditStage {
  const pipe = new TestPipe();
  const stage: AuditStage = {
    pipe,
    lost: 0,
    audit: createAudit({ output: pipe.output, key: AUDIT_KEY, clock: () => NOON, metrics: { auditLost: (records) => { stage.lost += records; } }, redactor: createRedactor(), ...changes }),
  };
  return stage;
}
