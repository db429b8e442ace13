// expect: 'fallbackToFile' does not exist in type 'CredentialBrokerProps'
// control: WCC-4
import type { CredentialBrokerProps } from '../../../src';

/** Workers read all credentials from a file where the broker lets them have none. */
export const unsafe = (props: CredentialBrokerProps): CredentialBrokerProps => ({ ...props, fallbackToFile: '/etc/credentials.yml' });
