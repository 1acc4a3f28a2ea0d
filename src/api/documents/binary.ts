const BYTES = { schema: { type: "string" as const, format: "binary" } };

/** The content of a request or an answer that is a file, of one of these media types. */
export const binary = (types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [type, BYTES]));
