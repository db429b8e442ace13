import { byOperator, byTemplate, byVariables, type ChecklistItem, confirmedByOperator } from './checklist';

export const NODETOOL: readonly ChecklistItem[] = [
  // 1. Environment
  byVariables('NT-16', 'It knows that it is production', 'ENV'),
  byVariables('NT-17', 'Debug mode is off', 'DEBUG'),
  byVariables('NT-18', 'The log level tells no details', 'LOG_LEVEL'),
  // 2. Authentication
  byVariables('NT-19', 'Callers are authenticated', 'AUTH_PROVIDER'),
  byVariables('NT-21', 'Supabase is named, with its key', 'SUPABASE_URL', 'SUPABASE_KEY'),
  confirmedByOperator('NT-22', 'GitHub OAuth is whole, callbacks too', 'GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'),
  // 3. Secrets
  byVariables('NT-24', 'There is one master key', 'SECRETS_MASTER_KEY', 'AWS_SECRETS_MASTER_KEY_NAME'),
  byVariables('NT-27', 'Secrets Manager keeps the master key', 'AWS_SECRETS_MASTER_KEY_NAME'),
  byTemplate('NT-28', 'The master key has a copy'),
  byOperator('NT-29', 'No secret was ever committed'),
  // 4. Keys of others
  confirmedByOperator(
    'NT-32', 'Only services in use have keys',
    'OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'HF_TOKEN', 'REPLICATE_API_TOKEN', 'FAL_API_KEY', 'ELEVENLABS_API_KEY',
  ),
  byOperator('NT-37', 'Production has keys of its own'),
  byOperator('NT-38', 'Accounts elsewhere have spending limits'),
  // 5. Database
  byVariables('NT-39', 'Data is kept in PostgreSQL', 'POSTGRES_DB', 'POSTGRES_USER', 'POSTGRES_HOST', 'POSTGRES_PORT'),
  byVariables('NT-41', 'The database password is strong', 'POSTGRES_PASSWORD'),
  byTemplate('NT-42', 'Only the application reaches the database'),
  byTemplate('NT-43', 'Database connections are encrypted'),
  byTemplate('NT-44', 'The database is backed up'),
  // 6. Storage
  byVariables('NT-45', 'Assets are kept in S3', 'S3_ENDPOINT_URL', 'S3_REGION', 'ASSET_BUCKET'),
  byVariables('NT-46', 'A role stands for access keys', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'),
  byTemplate('NT-47', 'The bucket is not public'),
  byTemplate('NT-48', 'The bucket keeps older versions'),
  byTemplate('NT-49', 'The bucket encrypts what it keeps'),
  // 7. Network
  byTemplate('NT-50', 'There is no way without TLS'),
  byTemplate('NT-53', 'CORS names the domains it allows'),
  byTemplate('NT-55', 'A proxy stands in front'),
  byTemplate('NT-56', 'Browsers are told to keep HTTPS'),
  byTemplate('NT-57', 'Only needed ports are open'),
  // 8. Containers
  byTemplate('NT-58', 'Images are named exactly'),
  byTemplate('NT-59', 'Volumes show little of the host'),
  byTemplate('NT-60', 'No container has the Docker socket'),
  byTemplate('NT-61', 'Containers do not run as root'),
  byTemplate('NT-62', 'Containers have limits'),
  byTemplate('NT-63', 'Images are scanned'),
  // 9. Monitoring
  byVariables('NT-64', 'Errors are tracked', 'SENTRY_DSN'),
  byVariables('NT-65', 'Telemetry has somewhere to go', 'OTEL_SERVICE_NAME', 'OTEL_EXPORTER_OTLP_ENDPOINT'),
  byTemplate('NT-66', 'Logs come together in one place'),
  byTemplate('NT-67', 'Failed logins and odd calls count'),
  byTemplate('NT-68', 'Somebody is told of trouble'),
  // 10. Infrastructure
  byTemplate('NT-69', 'Inside, networks are private'),
  byTemplate('NT-70', 'Health is checked'),
  byTemplate('NT-71', 'What crashed is started again'),
  byVariables('NT-72', 'The cache is named, if any', 'MEMCACHE_HOST', 'MEMCACHE_PORT'),
  byTemplate('NT-73', 'There is a plan for disaster'),
];
