import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noted, Office, settle } from "./office.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("waiters are granted leases in the order of their arrival, before claims that come later", async () => {
  const office = new Office();
  const answers = noted({ a: office.claim("a"), b: office.claim("b"), c: office.claim("c") });
  await settle();
  const changed = office.change(2);
  const late = noted({ late: office.claim("late") });
  await changed;
  await settle();
  expect(answers).toEqual(["a:1", "b:1"]);
  expect(late).toEqual([]);
  await office.change(1);
  await settle();
  expect(answers).toEqual(["a:1", "b:1", "c:1"]);
});

test("a change decides no more waiters than it opens places, and none when it opens none", async () => {
  const office = new Office();
  office.places = 3;
  const claims = Array.from({ length: 1_000 }, (_, index) => office.claim(`w${index}`));
  await settle();
  office.batches.length = 0;
  for (let change = 0; change < 20; change++) await office.change();
  expect(office.batches).toEqual(Array.from({ length: 20 }, () => ["erase"]));
  office.batches.length = 0;
  await office.change(1);
  await settle();
  expect(office.batches).toEqual([["erase"], ["w0", "w1", "w2"]]);
  expect(await claims[0]).toMatchObject({ leases: [{}] });
});

test("a waiter that is woken in vain keeps its place", async () => {
  const office = new Office();
  office.places = 2;
  const answers = noted({ a: office.claim("a"), b: office.claim("b"), c: office.claim("c") });
  await settle();
  await office.change(1);
  await settle();
  expect(office.batches.at(-1)).toEqual(["a", "b"]);
  office.places = 1;
  await office.change(1);
  await settle();
  expect(answers).toEqual(["a:1", "b:1"]);
  await office.change(1);
  await settle();
  expect(answers).toEqual(["a:1", "b:1", "c:1"]);
});

test("an empty claim is held back until its time is over, and no longer", async () => {
  const office = new Office();
  const answers = noted({ a: office.claim("a", 5_000), b: office.claim("b", 2_000) });
  await vi.advanceTimersByTimeAsync(1_999);
  expect(answers).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(answers).toEqual(["b:0"]);
  await vi.advanceTimersByTimeAsync(2_999);
  expect(answers).toEqual(["b:0"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(answers).toEqual(["b:0", "a:0"]);
});

test("a back-off that ends wakes a waiter", async () => {
  const office = new Office();
  office.at = Date.now() + 4_000;
  office.jobs = 1;
  const answers = noted({ a: office.claim("a"), b: office.claim("b") });
  await vi.advanceTimersByTimeAsync(3_999);
  expect(answers).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(answers).toEqual(["a:1"]);
});

test("a back-off that ends while a batch is under way wakes a waiter all the same", async () => {
  const office = new Office();
  const answers = noted({ a: office.claim("a") });
  await settle();
  office.at = Date.now() + 3;
  office.jobs = 1;
  office.commitMs = 5;
  noted({ b: office.claim("b") });
  await vi.advanceTimersByTimeAsync(20);
  expect(answers).toEqual(["a:1"]);
});

test("a change that another copy of the object has made wakes a waiter once it is seen", async () => {
  const office = new Office();
  const answers = noted({ a: office.claim("a") });
  await settle();
  office.jobs = 1;
  office.moveOn();
  await office.look();
  await settle();
  expect(answers).toEqual(["a:1"]);
});

test("a group that promises places and grants none wakes its waiters once, not for ever", async () => {
  const office = new Office();
  office.jobs = 1;
  office.isStuck = true;
  noted({ a: office.claim("a"), b: office.claim("b") });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(office.batches.length).toBeLessThanOrEqual(3);
});

test("a caller who hangs up while it waits is granted nothing, and the next one is", async () => {
  const office = new Office();
  const gone = office.claim("gone").catch((error: Error) => error.message);
  const answers = noted({ b: office.claim("b") });
  await settle();
  office.leave("gone");
  await office.change(1);
  await settle();
  expect(answers).toEqual(["b:1"]);
  expect(await gone).toBe("UNAVAILABLE");
  expect(office.jobs).toBe(0);
});

test("a lease granted to a caller who has hung up meanwhile is given back, and goes to the next waiter", async () => {
  const office = new Office();
  const answers = noted({ gone: office.claim("gone"), b: office.claim("b") });
  await settle();
  const changed = office.change(1);
  await changed;
  office.leave("gone");
  await settle();
  expect(answers.toSorted()).toEqual(["b:1", "gone:1"]);
  expect(office.batches.flat()).toContain("release");
  expect(office.jobs).toBe(0);
});

test("claims under one Idempotency-Key are answered the same leases, though both wait", async () => {
  const office = new Office();
  office.places = 1;
  const answers = Promise.all([office.claim("a", 9_000, "k"), office.claim("a2", 9_000, "k")]);
  await settle();
  await office.change(1);
  await settle();
  const [first, second] = await answers;
  expect(first.leases).toHaveLength(1);
  expect(second.leases).toEqual(first.leases);
});

test("an ended group is answered at once, also to those who wait already", async () => {
  const office = new Office();
  const answers = noted({ a: office.claim("a"), b: office.claim("b") });
  await settle();
  office.reason = "finished";
  await office.change();
  await settle();
  expect(answers).toEqual(["a:0", "b:0"]);
  expect((await office.claim("c")).reason).toBe("finished");
});

test("the 1,001st waiter of a group is answered at once", async () => {
  const office = new Office();
  noted(Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [n, office.claim(`w${n}`)])));
  await settle();
  const answers = noted({ late: office.claim("late") });
  await settle();
  expect(answers).toEqual(["late:0"]);
});
