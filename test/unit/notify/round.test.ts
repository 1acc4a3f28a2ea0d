import { expect, test } from "vitest";
import type { Delivery } from "../../../src/domain/delivery.ts";
import { ATTEMPT_TIMEOUT_MS } from "../../../src/notify/attempt.ts";
import { needsErrors, nextStep } from "../../../src/notify/round.ts";

const NOW = 1_000_000;

test("a courier that is woken takes what is due for longer than an attempt may last", () => {
  expect(nextStep(false, 0, NOW)).toEqual({ kind: "take", now: NOW, until: NOW + 20_000 });
  expect(20_000).toBeGreaterThan(ATTEMPT_TIMEOUT_MS);
});

test("a courier that is woken while it sends is woken again when those attempts have ended", () => {
  expect(nextStep(true, 0, NOW)).toEqual({ kind: "wake later", at: NOW + 20_000 });
});

test("after 20 rounds without a break the alarm goes on", () => {
  expect(nextStep(false, 19, NOW)).toMatchObject({ kind: "take" });
  expect(nextStep(false, 20, NOW)).toEqual({ kind: "wake later", at: NOW });
});

test("the first errors are read only for an e-mail about a group with failed jobs", () => {
  const delivery = (channel: Delivery["channel"], failedJobs: number) =>
    ({ channel, payload: JSON.stringify({ data: { failedJobs } }) }) as Delivery;
  expect(needsErrors([delivery("webhook", 1), delivery("email", 0)])).toBe(false);
  expect(needsErrors([delivery("webhook", 0), delivery("email", 1)])).toBe(true);
});
