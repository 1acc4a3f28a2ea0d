import { describe, expect, it } from "vitest";
import { throttled } from "./throttled.ts";

describe("500 documents at a throttled OCR service", { timeout: 30_000 }, () => {
  it("end without a failed job or a burnt attempt when each 429 is deferred", () => {
    const deferred = throttled("release", 1);
    expect(deferred).toMatchObject({ completed: 500, failed: 0, burnt: 0 });
    expect(deferred.refusedCalls).toBeGreaterThan(100);
    // The service needs 25 seconds for 500 calls, whoever makes them.
    expect(deferred.seconds).toBeLessThan(30);
  });

  it("lose documents and attempts when each 429 is reported as a failure", () => {
    const { failed, burnt } = throttled("fail", 1);
    expect(failed).toBeGreaterThan(0);
    expect(burnt).toBeGreaterThan(failed);
  });
});
