import { Duration } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { Size, SIZING } from '../size';

/** Of people; the catalogue names none, so this is ours (C-27). */
const MIN_PASSWORD_LENGTH = 14;

/**
 * A user pool that nobody joins by themselves: no sign-up, a second factor, long passwords, and threat protection that blocks.
 *
 * Threat protection needs the plan PLUS (Amazon Cognito guide, "User pool feature plans").
 */
export function closedUserPool(parent: Construct, size: Size | undefined, props: Partial<cognito.UserPoolProps>): cognito.UserPool {
  const { deletionProtection, removalPolicy } = SIZING[size ?? Size.PRODUCTION];
  return new cognito.UserPool(parent, 'UserPool', {
    selfSignUpEnabled: false,
    mfa: cognito.Mfa.REQUIRED,
    // A code by SMS goes to whoever takes over the number.
    mfaSecondFactor: { otp: true, sms: false },
    passwordPolicy: {
      minLength: MIN_PASSWORD_LENGTH,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
      tempPasswordValidity: Duration.days(1),
    },
    featurePlan: cognito.FeaturePlan.PLUS,
    standardThreatProtectionMode: cognito.StandardThreatProtectionMode.FULL_FUNCTION,
    deletionProtection,
    removalPolicy,
    ...props,
  });
}
