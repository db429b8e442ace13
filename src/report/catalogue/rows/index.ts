import { CX } from './cx';
import { NT } from './nt';
import { RC } from './rc';
import { TG } from './tg';
import { TS } from './ts';

/** What every row of the requirement catalogue asks for, in our words, by the document it comes from. */
export const DOCUMENTS = {
  RC: { title: 'Remote Core security guidance', profile: 'remote-core', rows: RC },
  CX: { title: 'Cortex LLM gateway security guide', profile: 'cortex', rows: CX },
  TG: { title: 'TGEFD production hardening plan', profile: 'tgefd', rows: TG },
  NT: { title: 'NodeTool Core security policy and deployment checklist', profile: 'nodetool', rows: NT },
  TS: { title: 'Tom Smykowski orchestrator security architecture', profile: 'tom', rows: TS },
} as const;

export type DocumentId = keyof typeof DOCUMENTS;

/** Such as `TG-22`. */
export type RowId = { [Id in DocumentId]: keyof (typeof DOCUMENTS)[Id]['rows'] }[DocumentId];
