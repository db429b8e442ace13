/** Something that AWS understands and this stand-in does not: no attack decides anything by it. */
export class DeliveryNotEmulated extends Error {}
