import { describe, expect, test } from "vitest";
import type { Delivery } from "../../../src/domain/delivery.ts";
import { type Attempt, ATTEMPT_TIMEOUT_MS } from "../../../src/notify/attempt.ts";
import {
  needsErrors,
  nextStep,
  nextWake,
  pausedAt,
  type Pauses,
  pausesAfter,
  type Sent,
} from "../../../src/notify/round.ts";

const NOW = 1_000_000;

test("a courier that is woken takes what is due for longer than an attempt may last", () => {
  expect(nextStep(false, 0, NOW)).toEqual({ kind: "take", now: NOW, until: NOW + 20_000 });
  expect(20_000).toBeGreaterThan(ATTEMPT_TIMEOUT_MS);
});

test("a courier that is woken while it sends is woken again when those attempts have ended", () => {
  expect(nextStep(true, 0, NOW)).toEqual({ kind: "wake later", at: NOW + 20_000 });
});

test("after 20 rounds without a break the courier stops and the alarm continues", () => {
  expect(nextStep(false, 19, NOW)).toMatchObject({ kind: "take" });
  expect(nextStep(false, 20, NOW)).toEqual({ kind: "wake later", at: NOW });
});

test("the first errors are read only for an e-mail about a group with failed jobs", () => {
  const delivery = (channel: Delivery["channel"], failedJobs: number) =>
    ({ channel, payload: JSON.stringify({ data: { failedJobs } }) }) as Delivery;
  expect(needsErrors([delivery("webhook", 1), delivery("email", 0)])).toBe(false);
  expect(needsErrors([delivery("webhook", 0), delivery("email", 1)])).toBe(true);
});

describe("a destination pauses", () => {
  const sent = (destination: string, ended: Attempt["ended"]): Sent => ({
    destination,
    attempt: ended === "delivered" ? { ended } : { ended, why: "" },
  });
  const after = (round: Sent[], before: Pauses = new Map(), retriesMs = [60_000]) =>
    Object.fromEntries(pausesAfter(before, round, NOW, retriesMs));

  test("for half a minute, or the first delay if that is shorter, when no attempt of a round was answered", () => {
    const round = [sent("w1", "unanswered"), sent("w1", "unanswered"), sent("w2", "delivered")];
    expect(after(round)).toEqual({ w1: NOW + 30_000 });
    expect(after(round, new Map(), [1_000])).toEqual({ w1: NOW + 1_000 });
  });

  test("not when another attempt of the round was answered, also with a refusal", () => {
    for (const ended of ["delivered", "failed", "gone"] as const) {
      expect(after([sent("w1", "unanswered"), sent("w1", ended)])).toEqual({});
      expect(after([sent("w1", ended), sent("w1", "unanswered")])).toEqual({});
    }
  });

  test("until it answers, or the pause is over; what is not sent says nothing", () => {
    const before = new Map([
      ["w1", NOW + 1],
      ["w2", NOW + 1],
      ["w3", NOW],
    ]);
    expect(after([sent("w1", "delivered"), sent("w2", "refused")], before)).toEqual({
      w2: NOW + 1,
    });
    expect(pausedAt(before, NOW)).toEqual(["w1", "w2"]);
  });
});

test("the courier wakes when something falls due or a pause ends, whichever is first", () => {
  const pauses = new Map([
    ["w1", NOW + 30],
    ["w2", NOW],
  ]);
  expect(nextWake(null, new Map(), NOW)).toBe(null);
  expect(nextWake(NOW + 20, pauses, NOW)).toBe(NOW + 20);
  expect(nextWake(NOW + 40, pauses, NOW)).toBe(NOW + 30);
});
