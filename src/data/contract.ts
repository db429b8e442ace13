/** A role of PostgreSQL that means the same quoted or not, and leaves room for the end of a login in 63 bytes (PostgreSQL documentation, "Identifiers and Key Words"). */
export const ROLE_NAME = /^[a-z_][a-z0-9_]{0,60}$/;

/** Roles that are there already, or mean everybody: PostgreSQL keeps `pg_` to itself, and Amazon RDS `rds`. */
export const RESERVED_ROLES = /^(pg_|rds|postgres$|public$|none$|current_(role|user)$|session_user$)/;

/** Where a Core finds the authorities that vouch for its stores: a volume that is filled before it starts, and that it cannot write. */
export const AUTHORITIES_FOLDER = '/authorities';

/** Which files to put there, as a JSON object of their names and contents (PEM); `AMAZON_RDS` stands for its authorities. */
export const AUTHORITIES_VARIABLE = 'AUTHORITIES';

/** The authorities of Amazon RDS, of every region. */
export const AMAZON_RDS = 'amazon-rds';

/** The file with the authorities of Amazon RDS. */
export const AMAZON_RDS_FILE = `${AMAZON_RDS}.pem`;
