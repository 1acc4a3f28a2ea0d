import { expect, test } from "vitest";
import {
  ago,
  counted,
  duration,
  money,
  percent,
  until,
} from "../../../src/dashboard/parts/format.ts";

const NOW = Date.parse("2026-02-02T08:00:00.000Z");
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

test.each([
  [0, "0 s"],
  [59, "59 s"],
  [60, "1 min"],
  [3_599, "60 min"],
  [3_600, "1 h"],
  [86_400, "1 day"],
  [10 * 86_400, "10 days"],
])("%d seconds are shown as %s", (seconds, text) => {
  expect(duration(seconds * 1_000)).toBe(text);
});

test("times before and after now are told apart, also when the clocks differ", () => {
  expect([ago(at(-240), NOW), ago(at(3), NOW)]).toEqual(["4 min ago", "just now"]);
  expect([until(at(240), NOW), until(at(-3), NOW)]).toEqual(["in 4 min", "any moment"]);
});

test("money is shown with every decimal that it has", () => {
  expect(money(1.5, "USD")).toBe("$1.50");
  expect(money(0.000_001, "EUR")).toBe("€0.000001");
});

test("a share is shown as 100% only when nothing is left", () => {
  expect([percent(0.9999), percent(1), percent(0)]).toEqual(["99%", "100%", "0%"]);
});

test("one is not many", () => {
  expect([counted(1, "job"), counted(12_345, "job")]).toEqual(["1 job", "12,345 jobs"]);
});
