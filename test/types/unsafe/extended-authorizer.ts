// expect: Class constructor is marked as private
// control: IDN-1
import { Authorizer } from '../../../src';

export class Open extends Authorizer {}
