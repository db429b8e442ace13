import { byOperator, byTemplate, byVariables, type ChecklistItem } from './checklist';

export const CORTEX: readonly ChecklistItem[] = [
  byVariables('CX-42', 'Nobody gets in by development bypass', 'GATEWAY_DEV_ALLOW_ALL_KEYS'),
  byVariables('CX-43', 'The internal key is strong', 'INTERNAL_VLLM_API_KEY'),
  byVariables('CX-44', 'CORS names each origin', 'CORS_ALLOW_ORIGINS'),
  byOperator('CX-45', 'The first admin password is gone'),
  byTemplate('CX-46', 'A proxy in front speaks TLS'),
  byVariables(
    'CX-47', 'Rates and streams have limits',
    'RATE_LIMIT_ENABLED', 'RATE_LIMIT_RPS', 'RATE_LIMIT_BURST', 'RATE_LIMIT_WINDOW_SEC', 'CONCURRENCY_LIMIT_ENABLED', 'MAX_CONCURRENT_STREAMS_PER_ID',
  ),
  byTemplate('CX-48', 'Firewalls admit only what must'),
  byTemplate('CX-49', 'Audit records are written'),
  byTemplate('CX-50', 'Backups are made by themselves'),
];
