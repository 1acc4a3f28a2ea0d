import fc from "fast-check";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const any = { max: 1_000 };
const { constant: the, constantFrom: oneOf, record } = fc;
const lease = { pick: fc.nat(any), whose: oneOf("current", "current", "any", "foreign") };
const expense = {
  pages: oneOf(null, 1, 2),
  costMicros: oneOf(null, 100_000, 1),
  currency: oneOf(null, null, "USD", "EUR"),
};
const what = fc.oneof(
  {
    weight: 3,
    arbitrary: record({
      kind: the("add"),
      numbers: fc.array(oneOf(null, null, "a", "b", "c"), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 2, arbitrary: record({ kind: the("open") }) },
  {
    weight: 8,
    arbitrary: record({
      kind: the("claim"),
      maxJobs: fc.integer({ min: 1, max: 4 }),
      heartbeatSeconds: oneOf(undefined, undefined, 15, 90),
    }),
  },
  { weight: 4, arbitrary: record({ kind: the("beat"), ...lease }) },
  {
    weight: 6,
    arbitrary: record({
      kind: the("complete"),
      ...lease,
      ...expense,
      claimNext: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: record({
      kind: the("fail"),
      ...lease,
      ...expense,
      retryable: oneOf(true, true, false),
      retryAfterSeconds: oneOf(null, null, 0, 1, 90),
    }),
  },
  {
    weight: 4,
    arbitrary: record({
      kind: the("release"),
      ...lease,
      retryAfterSeconds: oneOf(0, 0, 1, 90),
      unseen: oneOf(false, false, true),
    }),
  },
  { weight: 1, arbitrary: record({ kind: the("cancel"), picks: the(null) }) },
  {
    weight: 3,
    arbitrary: record({
      kind: the("cancel"),
      picks: fc.array(fc.nat(any), { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: record({
      kind: the("retry"),
      statuses: oneOf(null, ["failed"], ["completed"], ["completed", "failed"]),
      errorCodes: oneOf(null, ["unspecified", "timeout"], ["scan.blurred"]),
      picks: oneOf(null, [0], [1, 2, 5]),
      dryRun: oneOf(false, false, true),
    }),
  },
  { weight: 2, arbitrary: record({ kind: the("erase"), pick: fc.nat(any) }) },
  { weight: 2, arbitrary: record({ kind: the("pause"), reason: oneOf(null, "outage") }) },
  { weight: 3, arbitrary: record({ kind: the("resume") }) },
  {
    weight: 1,
    arbitrary: record({
      kind: the("update"),
      parallelJobs: fc.integer({ min: 1, max: 10 }),
      retryCount: fc.integer({ min: 0, max: 5 }),
      timeoutMinutes: oneOf(5, 6, 30),
      maxFailureRate: oneOf(null, 0.5),
      maxCostMicros: oneOf(null, 1, 150_000, 300_000),
    }),
  },
);
const jumps = oneOf(-2 * SECOND, SECOND, 5 * SECOND, MINUTE, 5 * MINUTE, 1_440 * MINUTE);
/** A step of a random history: commands, and what befalls the coordinator. */
export const step = fc.oneof(
  { weight: 50, arbitrary: record({ do: the("send"), what }) },
  {
    weight: 20,
    arbitrary: record({
      do: the("burst"),
      all: fc.array(what, { minLength: 2, maxLength: 10, size: "max" }),
    }),
  },
  {
    weight: 6,
    arbitrary: record({ do: the("abort"), what, afterMs: fc.integer({ min: 0, max: 10 }) }),
  },
  { weight: 12, arbitrary: record({ do: the("jump"), ms: jumps }) },
  { weight: 5, arbitrary: record({ do: the("evict") }) },
  { weight: 5, arbitrary: record({ do: the("alarm") }) },
);
export type What = Drawn<typeof what>;
/** The deletion of the group, in one commit or in steps. */
export const deletion = record({ do: the("delete"), large: fc.boolean() });
type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;
export type Step = Drawn<typeof step> | Drawn<typeof deletion>;
