export { SecureCoreChecks } from './checks/secure-core-checks';
