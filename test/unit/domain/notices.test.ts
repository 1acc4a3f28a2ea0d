import { describe, expect, it } from "vitest";
import { Desk } from "./desk.ts";
import { complete, fail, RETRY, SETTINGS } from "./helpers.ts";

function released(jobs: number, settings = {}): Desk {
  const desk = new Desk(settings);
  desk.add(jobs);
  desk.send({ kind: "open" });
  return desk;
}

/** Event, run and recipients of every notice. */
const announced = ({ state }: Desk) =>
  state.notices.map(({ event, group, recipients }) => [event, group.run, recipients]);

const [TO, NOBODY] = [SETTINGS.recipients, []];

describe("a notice", () => {
  it("shows the group as it was at the event", () => {
    const desk = released(2);
    desk.send(complete(desk.take(), { pages: 2, costMicros: 5 }));
    desk.send(fail(desk.take(), false));
    const [completed, failed, ended] = desk.state.notices;
    expect(completed).toMatchObject({
      group: { status: "processing", completedJobs: 1, pendingJobs: 1 },
      job: { status: "completed", pages: 2, costMicros: 5 },
    });
    expect(failed).toMatchObject({
      group: { status: "processing", completedJobs: 1, failedJobs: 1, pendingJobs: 0 },
      job: { status: "failed", error: "unreadable", attempts: 1 },
    });
    expect(ended).toMatchObject({ group: { status: "completed", totalPages: 2 }, job: null });
  });

  it("goes out again in a new run, begun by a retry or by new jobs", () => {
    const desk = released(1);
    desk.send(fail(desk.take(), false));
    desk.send(RETRY);
    desk.send(complete(desk.take()));
    desk.add(1);
    desk.send(fail(desk.take(), false));
    expect(announced(desk)).toEqual([
      ["job.failed", 1, TO],
      ["job_group.failed", 1, TO],
      ["job.completed", 2, NOBODY],
      ["job_group.completed", 2, TO],
      ["job.failed", 3, TO],
      ["job_group.completed", 3, TO],
    ]);
  });

  it("of a failure goes out by e-mail once a run, also when failed jobs are retried in it", () => {
    const desk = released(3);
    desk.send(fail(desk.take(), false));
    desk.send(RETRY);
    desk.send(fail(desk.take(), false));
    expect(announced(desk)).toEqual([
      ["job.failed", 1, TO],
      ["job.failed", 1, NOBODY],
    ]);
  });

  it("is e-mailed as the settings say at the event", () => {
    const desk = released(3, { onFailure: false, onCompletion: false });
    desk.send(fail(desk.take(), false));
    desk.update({ onFailure: true });
    desk.send(fail(desk.take(), false));
    desk.update({ recipients: ["late@example.com"] });
    desk.send(complete(desk.take()));
    expect(announced(desk)).toEqual([
      ["job.failed", 1, NOBODY],
      ["job.failed", 1, NOBODY],
      ["job.completed", 1, NOBODY],
      ["job_group.completed", 1, ["late@example.com"]],
    ]);
  });

  it("of a cancellation goes out once, and is e-mailed to nobody", () => {
    const desk = released(2);
    desk.send({ kind: "cancel" });
    desk.send({ kind: "cancel" });
    expect(announced(desk)).toEqual([["job_group.cancelled", 1, NOBODY]]);
  });
});
