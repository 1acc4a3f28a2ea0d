import { describe, expect, it, test } from "vitest";
import type { Delivery } from "../../../src/domain/delivery.ts";
import type { Attempt } from "../../../src/notify/attempt.ts";
import { type Outcome, outcomeOf } from "../../../src/notify/outcome.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 31);
const RETRIES_AT = [NOW + 30_000, NOW + 5 * MINUTE];

const outcome = (attempt: Attempt, fields: Partial<Delivery> = {}): Outcome => {
  const delivery: Delivery = {
    workspace: "w",
    groupId: "g",
    id: "0001.job_group.completed.w1",
    run: 1,
    event: "job_group.completed",
    channel: "webhook",
    destination: "w1",
    payload: "{}",
    status: "pending",
    attempts: 1,
    dueAt: NOW + 20_000,
    attemptedAt: NOW,
    deliveredAt: null,
    lastError: null,
    createdAt: NOW,
    ...fields,
  };
  return outcomeOf(delivery, attempt, NOW, RETRIES_AT);
};
const why = "the receiver answered 500";

test("a delivery that arrived is delivered, whoever has taken it since", () => {
  const delivered = { status: "delivered", deliveredAt: NOW, dueAt: null, lastError: null };
  expect(outcome({ ended: "delivered" }, { lastError: why })).toEqual({
    fields: delivered,
    evenIfTakenAgain: true,
    disablesWebhook: false,
  });
});

describe.each(["failed", "unanswered"] as const)("a delivery whose attempt ended %s", (ended) => {
  it("is tried again at the time of the schedule, unless another sender has taken it", () => {
    for (const [index, dueAt] of RETRIES_AT.entries()) {
      expect(outcome({ ended, why }, { attempts: index + 1 })).toMatchObject({
        fields: { status: "pending", dueAt, lastError: why },
        evenIfTakenAgain: false,
      });
    }
  });

  it("is dead when the schedule is at its end", () => {
    const dead = { status: "dead", dueAt: null, lastError: why };
    expect(outcome({ ended, why }, { attempts: 3 }).fields).toEqual(dead);
  });
});

describe.each(["refused", "gone"] as const)("a delivery whose attempt ended %s", (ended) => {
  it(`is dead after one attempt, which ${ended === "gone" ? "counts" : "does not count, because nothing was sent"}`, () => {
    const counted = ended === "gone" ? {} : { attempts: 0 };
    const fields = { status: "dead", dueAt: null, lastError: why, ...counted };
    expect(outcome({ ended, why })).toMatchObject({ fields, evenIfTakenAgain: false });
    expect("attempts" in outcome({ ended, why }).fields).toBe(ended === "refused");
  });

  it(`${ended === "gone" ? "disables" : "does not disable"} the webhook`, () => {
    expect(outcome({ ended, why }).disablesWebhook).toBe(ended === "gone");
  });
});

test("a delivery that waits for configuration counts no attempt and waits as long again as it is old", () => {
  const waited = (ageMinutes: number) =>
    outcome({ ended: "waiting", why }, { createdAt: NOW - ageMinutes * MINUTE }).fields;
  const after = (minutes: number) => ({
    attempts: 0,
    dueAt: NOW + minutes * MINUTE,
    lastError: why,
  });
  expect(waited(0)).toEqual(after(15));
  expect(waited(16)).toEqual(after(16));
  expect(waited(48 * 60)).toEqual(after(24 * 60));
});
