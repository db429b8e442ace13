// expect: Type 'LocalProfile' is missing the following properties from type 'Profile'
// control: CFG-4
import { LocalProfile, type ProfiledCoreProps } from '../../../src';

export const unsafe = (props: ProfiledCoreProps): ProfiledCoreProps => ({ ...props, profile: LocalProfile.cortex({ allowAllKeys: true }) });
