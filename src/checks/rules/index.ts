import type { Rule } from '../rule';
import { AUD_RULES } from './aud';
import { CTR_RULES } from './ctr';
import { HDR_RULES } from './hdr';
import { IDN_RULES } from './idn';
import { IDN_MTLS_RULES } from './idn-mtls';
import { NET_RULES } from './net';
import { NET_BYPASS_RULES } from './net-bypass';
import { NET_STORE_RULES } from './net-store-access';
import { RTL_RULES } from './rtl';
import { SEC_RULES } from './sec';
import { TLS_RULES } from './tls';

/** The pack. A family's rules live in the file that carries its name. */
export const RULES: readonly Rule[] = [
  ...TLS_RULES, ...IDN_RULES, ...IDN_MTLS_RULES, ...NET_RULES, ...NET_BYPASS_RULES, ...NET_STORE_RULES, ...RTL_RULES, ...CTR_RULES, ...SEC_RULES, ...HDR_RULES, ...AUD_RULES,
];
