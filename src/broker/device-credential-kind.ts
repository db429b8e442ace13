/** What a credential of a network device is for (TS-16). */
export enum DeviceCredentialKind {
  /** A login by SSH: a user with a password or a private key. */
  SSH = 'SSH',

  /** A community or a user of SNMP. */
  SNMP = 'SNMP',

  /** A key of a device's own API. */
  API_KEY = 'API_KEY',
}
