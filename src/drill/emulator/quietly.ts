const SILENCE = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** The SDK announces which Node.js its later versions will want, once, when its first client is made; that is nothing a user of a command could act on. */
export function quietly<T>(make: () => T): T {
  const before = process.env[SILENCE];
  process.env[SILENCE] = 'true';
  try {
    return make();
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, SILENCE);
    else process.env[SILENCE] = before;
  }
}
