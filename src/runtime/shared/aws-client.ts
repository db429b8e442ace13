/**
 * How long AWS is waited for, in milliseconds: longer than any answer takes. The SDK by itself waits for ever, so that a function that stands in a VPC
 * without a way to a service would be ended by Lambda, which tells nobody what was asked for. The SDK asks three times. Our figures.
 */
export const AWS_CLIENT = { requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true } } as const;
