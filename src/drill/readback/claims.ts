import { AUD_CLAIMS } from './claims/aud';
import { BDR_CLAIMS } from './claims/bdr';
import { CFG_CLAIMS } from './claims/cfg';
import type { Claims } from './claims/claim';
import { CTR_CLAIMS } from './claims/ctr';
import { DAT_CLAIMS } from './claims/dat';
import { HDR_CLAIMS } from './claims/hdr';
import { IDN_CLAIMS } from './claims/idn';
import { MON_CLAIMS } from './claims/mon';
import { NET_CLAIMS } from './claims/net';
import { RTL_CLAIMS } from './claims/rtl';
import { SEC_CLAIMS } from './claims/sec';
import { TLS_CLAIMS } from './claims/tls';
import { WCC_CLAIMS } from './claims/wcc';

export type { Claim } from './claims/claim';

/**
 * What each control that has a rule reads from the templates, so that the same is read back from a deployment. Some properties are none
 * of the template's: `Listeners`, `Rules`, `Routes` and `WebACLArn` are all that the emulator has of a kind, so that one more is seen too.
 */
export const CLAIMS: Claims = {
  ...TLS_CLAIMS,
  ...IDN_CLAIMS,
  ...RTL_CLAIMS,
  ...NET_CLAIMS,
  ...SEC_CLAIMS,
  ...DAT_CLAIMS,
  ...CTR_CLAIMS,
  ...HDR_CLAIMS,
  ...MON_CLAIMS,
  ...BDR_CLAIMS,
  ...AUD_CLAIMS,
  ...CFG_CLAIMS,
  ...WCC_CLAIMS,
};
