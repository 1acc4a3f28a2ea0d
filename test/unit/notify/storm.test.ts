import { expect, test } from "vitest";
import type { Delivery } from "../../../src/domain/delivery.ts";
import type { Attempt } from "../../../src/notify/attempt.ts";
import { outcomeOf } from "../../../src/notify/outcome.ts";
import {
  nextStep,
  nextWake,
  PARALLEL_SENDS,
  pausedAt,
  type Pauses,
  pausesAfter,
} from "../../../src/notify/round.ts";
import { randomFrom } from "../../support/random.ts";

const RETRIES_MS = [30, 300, 1_800, 7_200, 21_600, 57_600].map((seconds) => seconds * 1000);
const MINUTE = 60_000;

type Due = Delivery & { calls: number };

const notice = (index: number, destination: string): Due => ({
  workspace: "w",
  groupId: "g",
  id: String(index),
  run: 1,
  event: "job.failed",
  channel: "webhook",
  destination,
  payload: "{}",
  status: "pending",
  attempts: 0,
  dueAt: 0,
  attemptedAt: null,
  deliveredAt: null,
  lastError: null,
  createdAt: 0,
  calls: 0,
});

/** Takes what a round takes: the longest due, but nothing for a destination that pauses. */
function take(notices: Due[], now: number, until: number, pauses: Pauses): Due[] {
  const paused = pausedAt(pauses, now);
  const due = notices.filter(
    ({ dueAt, destination }) => (dueAt ?? Infinity) <= now && !paused.includes(destination),
  );
  const taken = due.toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0)).slice(0, PARALLEL_SENDS);
  for (const one of taken) Object.assign(one, { attempts: one.attempts + 1, dueAt: until });
  return taken;
}

/** Sends until nothing is pending. An answer takes 100 ms, and silence 15 seconds. */
function deliver(notices: Due[], answers: (destination: string, now: number) => Attempt): void {
  let now = 0;
  let pauses: Pauses = new Map();
  for (let rounds = 0; notices.some(({ status }) => status === "pending");) {
    const step = nextStep(false, rounds, now);
    if (step.kind === "wake later") {
      rounds = 0;
      now = step.at;
      continue;
    }
    const taken = take(notices, now, step.until, pauses);
    if (taken.length === 0) {
      const dues = notices.flatMap(({ dueAt }) => (dueAt !== null && dueAt > now ? dueAt : []));
      const next = nextWake(dues.length === 0 ? null : Math.min(...dues), pauses, now);
      if (next === null) throw new Error("notices are pending, and nothing wakes the courier");
      now = next;
      rounds = 0;
      continue;
    }
    const sent = taken.map((one) => {
      one.calls++;
      return { one, destination: one.destination, attempt: answers(one.destination, now) };
    });
    now += sent.some(({ attempt }) => attempt.ended === "unanswered") ? 15_000 : 100;
    const retriesAt = RETRIES_MS.map((delay) => now + delay);
    for (const { one, attempt } of sent) {
      Object.assign(one, outcomeOf(one, attempt, now, retriesAt).fields);
    }
    pauses = pausesAfter(pauses, sent, now, RETRIES_MS);
    rounds++;
  }
}

const silence: Attempt = { ended: "unanswered", why: "no answer" };
const taken: Attempt = { ended: "delivered" };
const notices = (length: number, destination = "w1") =>
  Array.from({ length }, (_, index) => notice(index, destination));
const lastArrival = (all: readonly Due[]) =>
  Math.max(...all.map(({ deliveredAt }) => deliveredAt ?? Infinity));

test.each([20, 50])(
  "300 notices to a receiver that drops 1 call in %i all arrive, all but one or two within 15 minutes, and each call is one attempt",
  (oneIn) => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomFrom(seed);
      const all = notices(300);
      deliver(all, () => (random() < 1 / oneIn ? silence : taken));
      expect(all.filter(({ status }) => status !== "delivered")).toEqual([]);
      expect(all.map(({ attempts }) => attempts)).toEqual(all.map(({ calls }) => calls));
      // A notice dropped three times waits for its fourth attempt, half an hour later.
      expect(lastArrival(all)).toBeLessThan(45 * MINUTE);
      const late = all.filter(({ deliveredAt }) => (deliveredAt ?? Infinity) > 15 * MINUTE);
      expect(late.length).toBeLessThanOrEqual(2);
    }
  },
);

test("a receiver that is down for two hours gets all 300 notices soon after it is back", () => {
  const all = notices(300);
  deliver(all, (_, now) => (now < 120 * MINUTE ? silence : taken));
  expect(all.map(({ status }) => status)).toEqual(all.map(() => "delivered"));
  expect(all.map(({ attempts }) => attempts)).toEqual(all.map(({ calls }) => calls));
  // The last of them waits for its own fifth attempt.
  expect(lastArrival(all)).toBeLessThan(260 * MINUTE);
});

test("a receiver that is always silent gets each notice seven times, and holds up no other receiver", () => {
  const silent = notices(300);
  const others = notices(300, "w2");
  deliver([...silent, ...others], (destination) => (destination === "w1" ? silence : taken));
  expect(new Set(silent.map(({ status, calls }) => `${status} after ${calls}`))).toEqual(
    new Set(["dead after 7"]),
  );
  expect(new Set(others.map(({ calls }) => calls))).toEqual(new Set([1]));
  expect(lastArrival(others)).toBeLessThan(MINUTE);
});
