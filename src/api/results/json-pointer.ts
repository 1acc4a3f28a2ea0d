/** The keys of a JSON pointer (RFC 6901). */
const keysOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));

/** A function that answers what the pointer names in a JSON value; `undefined` where nothing stands. */
export function pointerReader(pointer: string): (value: unknown) => unknown {
  const keys = keysOf(pointer);
  return (value) => keys.reduce(child, value);
}

/** Only own properties count: no pointer reaches `length` or a prototype. */
function child(parent: unknown, key: string): unknown {
  if (Array.isArray(parent))
    return INDEX.test(key) ? (parent as unknown[])[Number(key)] : undefined;
  if (typeof parent !== "object" || parent === null || !Object.hasOwn(parent, key))
    return undefined;
  return (parent as Record<string, unknown>)[key];
}

const INDEX = /^(0|[1-9]\d*)$/;
