import type { Rule } from '../rule';
import { AUD_RULES } from './aud';
import { CTR_RULES } from './ctr';
import { HDR_RULES } from './hdr';
import { IDN_RULES } from './idn';
import { IDN_ADMIN_RULES } from './idn-admin';
import { IDN_BYPASS_RULES } from './idn-bypass';
import { IDN_COGNITO_RULES } from './idn-cognito';
import { IDN_MTLS_RULES } from './idn-mtls';
import { INC_RULES } from './inc';
import { NET_RULES } from './net';
import { NET_BYPASS_RULES } from './net-bypass';
import { NET_EGRESS_RULES } from './net-egress';
import { NET_ENDPOINT_RULES } from './net-endpoints';
import { NET_FIREWALL_RULES } from './net-firewall';
import { NET_NAMES_RULES } from './net-names';
import { NET_STORE_RULES } from './net-store-access';
import { RED_RULES } from './red';
import { RTL_RULES } from './rtl';
import { SEC_RULES } from './sec';
import { TLS_RULES } from './tls';
import { TLS_CERTIFICATE_RULES } from './tls-certificates';

/** The pack. A family's rules live in the file that carries its name. */
export const RULES: readonly Rule[] = [
  ...TLS_RULES, ...TLS_CERTIFICATE_RULES, ...IDN_RULES, ...IDN_MTLS_RULES, ...IDN_ADMIN_RULES, ...IDN_BYPASS_RULES, ...IDN_COGNITO_RULES,
  ...NET_RULES, ...NET_BYPASS_RULES, ...NET_STORE_RULES, ...NET_EGRESS_RULES, ...NET_FIREWALL_RULES, ...NET_NAMES_RULES,
  ...NET_ENDPOINT_RULES, ...RTL_RULES, ...CTR_RULES, ...SEC_RULES, ...HDR_RULES, ...AUD_RULES, ...RED_RULES, ...INC_RULES,
];
