// expect: Property 'allowedPrincipals' is missing
// control: NET-2
import { Callers } from '../../../src';

/** Any account might make an endpoint. */
export const unsafe = Callers.privateLink({ acceptanceRequired: false });
