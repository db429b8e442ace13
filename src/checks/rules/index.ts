import type { Rule } from '../rule';
import { AUD_RULES } from './aud';
import { AUD_ACCESS_RULES } from './aud-access';
import { AUD_CALL_RULES } from './aud-calls';
import { AUD_GATE_RULES } from './aud-gate';
import { AUD_LOCK_RULES } from './aud-lock';
import { AUD_POLICY_RULES } from './aud-policy';
import { AUD_SHIPPED_RULES } from './aud-shipped';
import { AUD_STREAM_RULES } from './aud-stream';
import { AUD_TIER_RULES } from './aud-tiers';
import { AZN_RULES } from './azn';
import { AZN_SCOPE_RULES } from './azn-scopes';
import { BDR_RULES } from './bdr';
import { BDR_DELETION_RULES } from './bdr-deletion';
import { BDR_PLAN_RULES } from './bdr-plans';
import { BDR_RECOVERY_RULES } from './bdr-recovery';
import { BDR_VAULT_RULES } from './bdr-vaults';
import { CFG_RULES } from './cfg';
import { CFG_COMPLETE_RULES } from './cfg-complete';
import { CFG_VALUE_RULES } from './cfg-values';
import { CTR_RULES } from './ctr';
import { CTR_MODEL_RULES } from './ctr-models';
import { CTR_RECOVERY_RULES } from './ctr-recovery';
import { DAT_RULES } from './dat';
import { DAT_ASSET_RULES } from './dat-assets';
import { DAT_BUCKET_RULES } from './dat-buckets';
import { DAT_DATABASE_RULES } from './dat-databases';
import { DAT_MEMCACHED_RULES } from './dat-memcached';
import { DAT_POSTGRES_RULES } from './dat-postgres';
import { HDR_RULES } from './hdr';
import { HDR_CORS_RULES } from './hdr-cors';
import { HDR_FORWARDING_RULES } from './hdr-forwarding';
import { IDN_RULES } from './idn';
import { IDN_ADMIN_RULES } from './idn-admin';
import { IDN_BYPASS_RULES } from './idn-bypass';
import { IDN_COGNITO_RULES } from './idn-cognito';
import { IDN_GATE_TABLE_RULES } from './idn-gate-table';
import { IDN_GATE_TOKEN_RULES } from './idn-gate-tokens';
import { IDN_HEADER_RULES } from './idn-headers';
import { IDN_KEY_RULES } from './idn-keys';
import { IDN_MTLS_RULES } from './idn-mtls';
import { IDN_NONCE_RULES } from './idn-nonces';
import { IDN_BOUND_RULES } from './idn-token-bounds';
import { INC_RULES } from './inc';
import { INC_REVOCATION_RULES } from './inc-revocation';
import { MON_RULES } from './mon';
import { MON_ALARM_RULES } from './mon-alarms';
import { MON_ATTACK_RULES } from './mon-attacks';
import { MON_COMPLETE_RULES } from './mon-complete';
import { MON_EXPORT_RULES } from './mon-exports';
import { MON_RAISED_RULES } from './mon-raised';
import { MON_RECIPIENT_RULES } from './mon-recipients';
import { MON_REVIEW_RULES } from './mon-reviews';
import { NET_RULES } from './net';
import { NET_BYPASS_RULES } from './net-bypass';
import { NET_EGRESS_RULES } from './net-egress';
import { NET_ENDPOINT_RULES } from './net-endpoints';
import { NET_FIREWALL_RULES } from './net-firewall';
import { NET_GATE_RULES } from './net-gate';
import { NET_NAMES_RULES } from './net-names';
import { NET_STORE_RULES } from './net-store-access';
import { RED_RULES } from './red';
import { RED_EXPORT_RULES } from './red-exports';
import { RED_LOG_RULES } from './red-logs';
import { RED_TRACE_RULES } from './red-traces';
import { RTL_RULES } from './rtl';
import { RTL_EDGE_RULES } from './rtl-edge';
import { RTL_GATE_RULES } from './rtl-gate';
import { RTL_HEAVY_EDGE_RULES } from './rtl-heavy-edge';
import { RTL_LIMITER_STORE_RULES } from './rtl-limiter-store';
import { RTL_STORE_RULES } from './rtl-store';
import { RTL_VARIABLE_RULES } from './rtl-variables';
import { SEC_RULES } from './sec';
import { SEC_ACCESS_RULES } from './sec-access';
import { SEC_KEY_RULES } from './sec-keys';
import { SEC_MASTER_KEY_RULES } from './sec-master-key';
import { SEC_PERMISSION_RULES } from './sec-permissions';
import { SEC_ROLE_RULES } from './sec-roles';
import { SEC_ROLLOUT_RULES } from './sec-rollout';
import { SEC_ROTATION_RULES } from './sec-rotation';
import { SEC_SHARING_RULES } from './sec-sharing';
import { SEC_SOURCE_RULES } from './sec-source';
import { SEC_STATIC_KEY_RULES } from './sec-static-keys';
import { SEC_STRENGTH_RULES } from './sec-strength';
import { SUP_RULES } from './sup';
import { TLS_RULES } from './tls';
import { TLS_CERTIFICATE_RULES } from './tls-certificates';
import { TLS_HOP_RULES } from './tls-hops';
import { WCC_BOUND_RULES } from './wcc-bounds';
import { WCC_FILE_RULES } from './wcc-files';
import { WCC_IMPOSTOR_RULES } from './wcc-impostors';
import { WCC_JOB_RULES } from './wcc-jobs';
import { WCC_OWN_KEY_RULES } from './wcc-own-keys';
import { WCC_PHASE_RULES } from './wcc-phase';
import { WCC_READER_RULES } from './wcc-readers';
import { WCC_RECORDED_RULES } from './wcc-recorded';
import { WCC_ROUTE_RULES } from './wcc-routes';
import { WCC_SIGNED_RULES } from './wcc-signed';
import { WCC_WORKER_RULES } from './wcc-workers';

/** The pack. A family's rules live in the files that carry its name. */
export const RULES: readonly Rule[] = [
  ...TLS_RULES, ...TLS_CERTIFICATE_RULES, ...TLS_HOP_RULES, ...IDN_RULES, ...IDN_GATE_TOKEN_RULES, ...IDN_MTLS_RULES, ...IDN_BOUND_RULES, ...IDN_HEADER_RULES,
  ...IDN_KEY_RULES, ...IDN_GATE_TABLE_RULES, ...IDN_NONCE_RULES, ...IDN_ADMIN_RULES, ...IDN_BYPASS_RULES, ...IDN_COGNITO_RULES, ...AZN_RULES, ...AZN_SCOPE_RULES,
  ...NET_RULES, ...NET_BYPASS_RULES, ...NET_STORE_RULES, ...NET_EGRESS_RULES, ...NET_FIREWALL_RULES, ...NET_NAMES_RULES, ...NET_ENDPOINT_RULES, ...NET_GATE_RULES,
  ...RTL_RULES, ...RTL_GATE_RULES, ...RTL_VARIABLE_RULES, ...RTL_STORE_RULES, ...RTL_LIMITER_STORE_RULES, ...RTL_EDGE_RULES, ...RTL_HEAVY_EDGE_RULES,
  ...CTR_RULES, ...CTR_MODEL_RULES, ...CTR_RECOVERY_RULES, ...DAT_RULES, ...DAT_ASSET_RULES, ...DAT_BUCKET_RULES, ...DAT_DATABASE_RULES, ...DAT_MEMCACHED_RULES, ...DAT_POSTGRES_RULES,
  ...SEC_RULES, ...SEC_ACCESS_RULES, ...SEC_KEY_RULES, ...SEC_MASTER_KEY_RULES, ...SEC_PERMISSION_RULES, ...SEC_ROLE_RULES, ...SEC_ROLLOUT_RULES, ...SEC_ROTATION_RULES,
  ...SEC_SHARING_RULES, ...SEC_SOURCE_RULES, ...SEC_STATIC_KEY_RULES, ...SEC_STRENGTH_RULES, ...HDR_RULES, ...HDR_CORS_RULES, ...HDR_FORWARDING_RULES,
  ...AUD_RULES, ...AUD_GATE_RULES, ...AUD_TIER_RULES, ...AUD_LOCK_RULES, ...AUD_ACCESS_RULES, ...AUD_POLICY_RULES, ...AUD_CALL_RULES, ...AUD_SHIPPED_RULES, ...AUD_STREAM_RULES,
  ...MON_RULES, ...MON_ALARM_RULES, ...MON_RAISED_RULES, ...MON_COMPLETE_RULES, ...MON_ATTACK_RULES, ...MON_RECIPIENT_RULES, ...MON_EXPORT_RULES, ...MON_REVIEW_RULES,
  ...RED_RULES, ...RED_LOG_RULES, ...RED_TRACE_RULES, ...RED_EXPORT_RULES, ...INC_RULES, ...INC_REVOCATION_RULES,
  ...SUP_RULES, ...BDR_RULES, ...BDR_PLAN_RULES, ...BDR_DELETION_RULES, ...BDR_VAULT_RULES, ...BDR_RECOVERY_RULES,
  ...WCC_SIGNED_RULES, ...WCC_ROUTE_RULES, ...WCC_JOB_RULES, ...WCC_BOUND_RULES, ...WCC_WORKER_RULES, ...WCC_FILE_RULES, ...WCC_READER_RULES, ...WCC_RECORDED_RULES,
  ...WCC_OWN_KEY_RULES, ...WCC_PHASE_RULES, ...WCC_IMPOSTOR_RULES,
  ...CFG_RULES, ...CFG_COMPLETE_RULES, ...CFG_VALUE_RULES,
];
