const ROUND_TRIPS: ReadonlySet<PropertyKey> = new Set(["batch", "all", "run", "first", "raw"]);
const MAKING: ReadonlySet<PropertyKey> = new Set(["prepare", "bind", "withSession"]);

/** A database, session or statement each of whose round trips is asked for by `around`. */
export function aroundRoundTrips<T extends object>(
  d1: T,
  around: (ask: () => unknown) => Promise<unknown>,
): T {
  return new Proxy(d1, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      const call = (args: unknown[]): unknown => Reflect.apply(member, target, args);
      if (ROUND_TRIPS.has(name)) return (...args: unknown[]) => around(() => call(args));
      if (!MAKING.has(name)) return (...args: unknown[]) => call(args);
      return (...args: unknown[]) => aroundRoundTrips(call(args) as object, around);
    },
  });
}
