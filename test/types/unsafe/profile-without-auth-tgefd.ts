// expect: Property 'auth' is missing
// control: CFG-3
import { Profile, type TgefdRoutes } from '../../../src';

export const unsafe = (routes: TgefdRoutes): Profile => Profile.tgefd({ routes });
