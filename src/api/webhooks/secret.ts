const BYTES = 24;

/** A new signing secret in the form of Standard Webhooks. */
export const newSecret = (): string =>
  `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(BYTES))))}`;
