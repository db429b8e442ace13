// expect: Property 'fromRegistry' does not exist
// control: CTR-1
import { CoreImage } from '../../../src';

export const unsafe = CoreImage.fromRegistry('acme/core:latest');
