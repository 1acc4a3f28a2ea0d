import { expect, it } from "vitest";
import { deletesAt } from "../../../src/domain/retention.ts";
import { Desk, deskIn } from "./desk.ts";
import { complete } from "./helpers.ts";

const DAY = 24 * 60 * 60_000;

function endedDesk(): Desk {
  const desk = new Desk({ retentionDays: 2 });
  desk.add(1);
  desk.send({ kind: "open" });
  desk.send(complete(desk.take()));
  return desk;
}

it("a group that has not ended, or is kept for ever, is never due", () => {
  const { group } = endedDesk();
  expect(deletesAt(group)).toBe((group.completedAt ?? 0) + 2 * DAY);
  // A time of completion alone is no end.
  expect(deletesAt({ ...group, status: "queued" })).toBeNull();
  expect(deletesAt({ ...group, retentionDays: null })).toBeNull();
  expect(deletesAt({ ...deskIn("processing").group, retentionDays: 1 })).toBeNull();
});

it("a group is deleted only when it is due at the time that the deletion names", () => {
  const desk = endedDesk();
  const due = deletesAt(desk.group) ?? 0;
  expect(desk.refusal({ kind: "delete", dueBy: due - 1 })).toBe("PRECONDITION_FAILED");
  desk.update({ retentionDays: 3 });
  expect(desk.refusal({ kind: "delete", dueBy: due })).toBe("PRECONDITION_FAILED");
  desk.update({ retentionDays: 1 });
  expect(desk.refusal({ kind: "delete", dueBy: due })).toBeNull();
  expect(desk.state.group).toBeNull();
});
