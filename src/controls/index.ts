import type { Control, ControlFamily } from './control';
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
import { RTL } from './rtl';
import { SEC } from './sec';
import { SUP } from './sup';
import { TLS } from './tls';
import { WCC } from './wcc';

export type { Control, ControlFamily, ControlSeverity } from './control';

/** Every family, in the order in which a reviewer reads them. */
export const FAMILIES = [TLS, IDN, AZN, RTL, NET, SEC, DAT, AUD, RED, MON, CTR, SUP, HDR, BDR, INC, WCC, CFG] as const;

type IdsOf<F> = F extends ControlFamily<infer Id> ? Id : never;

/** The id that joins the prop, the rule, the attack and the report, such as `TLS-2`. */
export type ControlId = IdsOf<(typeof FAMILIES)[number]>;

/** The checklist by id. */
export const CONTROLS = Object.assign({}, ...FAMILIES.map((family) => family.controls)) as Readonly<Record<ControlId, Control>>;

/** The prefix that controls of one family share, such as `TLS`. */
export function familyOf(control: string): string {
  return control.split('-')[0] ?? control;
}

/** The ids in reading order. */
export const CONTROL_IDS = Object.keys(CONTROLS) as ControlId[];
