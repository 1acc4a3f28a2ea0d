import { expect, it } from "vitest";
import { UNSENT_MS, wakeTime } from "../../../src/coordinator/wake-time.ts";
import { Desk } from "../domain/desk.ts";
import { fail, MINUTE } from "../domain/helpers.ts";

function released(jobs: number): Desk {
  const desk = new Desk();
  desk.add(jobs);
  desk.send({ kind: "open" });
  return desk;
}

it("a group without leases and notices needs no alarm", () => {
  const desk = released(2);
  expect(wakeTime(desk.state, desk.now)).toBeNull();
});

it("the alarm goes off when the first lease expires", () => {
  const desk = released(2);
  const { leaseExpiresAt } = desk.take();
  desk.wait(MINUTE).take();
  expect(wakeTime(desk.state, desk.now)).toBe(leaseExpiresAt);
});

it("the alarm goes off soon after a commit with notices, in case a crash keeps them from being sent", () => {
  const desk = released(2);
  desk.take();
  desk.send(fail(desk.take(), false));
  expect(wakeTime(desk.state, desk.now)).toBe(desk.now + UNSENT_MS);
});
