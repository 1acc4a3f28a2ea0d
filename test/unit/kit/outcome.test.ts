import fc from "fast-check";
import { expect, test } from "vitest";
import { Throttled, Unreadable } from "../../../src/processor/errors.ts";
import { outcomeOfError, outcomeOfResult } from "../../../src/processor/kit/outcome.ts";

test("anything thrown becomes a report that the API takes", () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (thrown) => {
      const outcome = outcomeOfError(thrown);
      if (outcome.kind !== "fail") throw new Error(`a ${outcome.kind}`);
      const { error, errorCode, retryable } = outcome.body;
      expect(retryable).toBe(true);
      expect(errorCode).toMatch(/^[a-z0-9_.-]{1,64}$/);
      expect(Array.from(error).length).toBeGreaterThan(0);
      expect(Array.from(error).length).toBeLessThanOrEqual(2_000);
      expect(error.isWellFormed() && !error.includes("\0")).toBe(true);
    }),
  );
});

test("a cost that drifted in binary is rounded to six decimals", () => {
  expect(outcomeOfResult({ cost: 0.1 + 0.2 })).toMatchObject({ body: { cost: 0.3 } });
  expect(outcomeOfError(Object.assign(new Error("e"), { cost: 3 * 0.0015 }))).toMatchObject({
    body: { cost: 0.0045 },
  });
});

test("a result that JSON cannot hold is a failure for good", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  for (const extractedData of [circular, { n: 1n }])
    expect(outcomeOfResult({ extractedData })).toMatchObject({
      kind: "fail",
      body: { errorCode: "result_refused", retryable: false },
    });
});

test("a throttled engine rests as long as its job, a document that waits lets it go on", () => {
  expect(outcomeOfError(new Throttled({ retryAfterSeconds: 1.2, reason: "quota" }))).toEqual({
    kind: "release",
    body: { reason: "quota", retryAfterSeconds: 2 },
    restSeconds: 2,
  });
  const later = new Throttled({ retryAfterSeconds: 5, scope: "document" });
  expect(outcomeOfError(later)).toMatchObject({ restSeconds: 0 });
});

test.each([
  [Number.NaN, 0],
  [-3, 0],
  [Infinity, 86_400],
  [1e9, 86_400],
])("a wait of %d seconds is sent as %d", (retryAfterSeconds, sent) => {
  const { body } = outcomeOfError(new Throttled({ retryAfterSeconds }));
  expect(body).toMatchObject({ retryAfterSeconds: sent });
});

test("Unreadable with a code that the API would refuse keeps its text", () => {
  expect(outcomeOfError(new Unreadable({ errorCode: "Not A Code", message: "m" }))).toMatchObject({
    body: { errorCode: "reader_error", error: "m", retryable: false },
  });
});
