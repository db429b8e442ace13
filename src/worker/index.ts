/** The client of workers that hold no credentials; docs/worker-protocol.md is what it speaks. */
export { BrokerRefusal } from './broker-refusal';
export type { ApiKey, DeviceCredential, SnmpCommunity, SnmpUser, SshKey, SshPassword } from './device-credential';
export type { Lease, LeasedCredential } from './lease';
export { type Job, type JobFields, type JobValue, plainJob } from './plain-job';
export { sign, type SignedRequest, type UnsignedRequest } from './sign';
export { taskWorkerId } from './task';
export { type CheckoutOptions, type SharedKeyOptions, type TaskOptions, type TokenOptions, type WorkerAddress, WorkerClient } from './worker-client';
