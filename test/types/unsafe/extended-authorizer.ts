// expect: Class constructor is marked as private
import { Authorizer } from '../../../src';

export class Open extends Authorizer {}
