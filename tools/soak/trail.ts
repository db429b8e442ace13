import { AUDIT_EVENT, AUDIT_MARK_EVENT } from '../../src/audit/contract';
import { readTrail } from '../../src/runtime/gate/audit/read-trail';
import type { Pairs } from './pairs';

/** One gate's records as they come: each is looked at and forgotten, so that an hour of them takes no room. */
export class RunningTrail {
  public records = 0;
  /** Records that are not the next of their gate. */
  public outOfOrder = 0;
  public isEnded = false;
  private seq = 0;
  private rest = '';

  public constructor(private readonly pairs: Pairs) {}

  public readonly hear = (text: string, stream: 'stdout' | 'stderr'): void => {
    if (stream !== 'stdout') return;
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.read(line);
  };

  private read(line: string): void {
    if (line.startsWith(`{"event":"${AUDIT_MARK_EVENT}"`)) this.isEnded = readTrail([line])[0]?.isEnded ?? false;
    if (!line.startsWith(`{"event":"${AUDIT_EVENT}"`)) return;
    for (const { seq, request_id: requestId, action, outcome, reason = '', status = 'no status' } of readTrail([line]).flatMap(({ records }) => records)) {
      this.records += 1;
      if (seq !== this.seq + 1) this.outOfOrder += 1;
      this.seq = seq;
      this.pairs.see('record', requestId, `${action}: ${outcome} ${reason} ${status}`);
    }
  }
}
