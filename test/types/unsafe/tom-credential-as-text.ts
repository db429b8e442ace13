// expect: 'password' does not exist in type 'DeviceCredentialProps'
// control: WCC-5
import { DeviceCredentialKind, type DeviceCredentialProps } from '../../../src';

/** A password of a device, in the program and in the template. */
export const unsafe = (): DeviceCredentialProps => ({ id: 'core-routers', kind: DeviceCredentialKind.SSH, password: 'hunter2' });
