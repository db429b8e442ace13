// expect: Argument of type 'string' is not assignable to parameter of type 'ISecret'
// control: WCC-5
import { BrokerCredential, DeviceCredentialKind } from '../../../src';

/** A password of a device, in the program and in the template. */
export const unsafe = (): BrokerCredential => BrokerCredential.secretsManager('core-router', DeviceCredentialKind.SSH, 'hunter2');
