// expect: Property 'fromRegistry' does not exist
import { CoreImage } from '../../../src';

export const unsafe = CoreImage.fromRegistry('acme/core:latest');
