import type { Answers } from '../cover';
import { AUD } from './aud';
import { AZN } from './azn';
import { BDR } from './bdr';
import { CFG } from './cfg';
import { CTR } from './ctr';
import { DAT } from './dat';
import { HDR } from './hdr';
import { IDN } from './idn';
import { INC } from './inc';
import { MON } from './mon';
import { NET } from './net';
import { RED } from './red';
import { CX_ROWS } from './rows/cx';
import { NT_ROWS } from './rows/nt';
import { RC_ROWS } from './rows/rc';
import { TG_ROWS } from './rows/tg';
import { TS_ROWS } from './rows/ts';
import { RTL } from './rtl';
import { SEC } from './sec';
import { SUP } from './sup';
import { TLS } from './tls';
import { WCC } from './wcc';

/** What is said where there is no artefact, or where it is not the answer. */
export const ANSWERS: Answers = {
  ofControls: { ...TLS, ...IDN, ...AZN, ...RTL, ...NET, ...SEC, ...DAT, ...AUD, ...RED, ...MON, ...CTR, ...SUP, ...HDR, ...BDR, ...INC, ...WCC, ...CFG },
  ofRows: { ...RC_ROWS, ...CX_ROWS, ...TG_ROWS, ...NT_ROWS, ...TS_ROWS },
};
