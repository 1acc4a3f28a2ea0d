import parsePrometheus from "parse-prometheus-text-format";
import { expect, test } from "vitest";
import { Meter } from "../bench/workers/meter.ts";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const fail = (group: string, lease: Json, errorCode?: string) =>
  settle(group, lease, "fail", { error: `bad ${errorCode}`, errorCode, retryable: false });

/** Runs jobs of a group: the first ones fail, the others complete. */
async function run(group: string, jobs: number, failures: readonly (string | undefined)[]) {
  for (let done = 0; done < jobs;) {
    const leases = await claim(group, 10);
    await Promise.all(
      leases.map((lease, index) =>
        done + index < failures.length
          ? fail(group, lease, failures[done + index])
          : settle(group, lease, "complete", { pages: 2, cost: 0.1 }),
      ),
    );
    done += leases.length;
  }
}

test("errors are counted by code, and only failed jobs are read for it", async () => {
  const group = await newGroup(200, { settings: { parallelJobs: 10 } });
  await run(group, 200, ["blank", "blank", "torn", undefined]);
  const meter = new Meter(database);
  meter.take();
  const errors = await data("GET", `${BASE}/${group}/errors`);
  expect(meter.take().rowsRead).toBeLessThan(20);
  expect(errors).toMatchObject([
    { errorCode: "blank", jobs: 2, error: "bad blank" },
    { errorCode: "torn", jobs: 1, error: "bad torn" },
    { errorCode: "unspecified", jobs: 1, error: "bad undefined" },
  ]);
  const job = await data("GET", `${BASE}/${group}/jobs/${errors[1].jobId}`);
  expect(job).toMatchObject({ status: "failed", errorCode: "torn" });
});

test("a group equals its recount in the middle of its work and at its end", async () => {
  const group = await newGroup(12, { settings: { parallelJobs: 5 } });
  const verified = async () => {
    const { consistent, stored, recounted } = await data("GET", `${BASE}/${group}/verify`);
    expect(stored).toEqual(recounted);
    expect(consistent).toBe(true);
    return stored;
  };
  const [lease, other] = await claim(group, 3);
  await fail(group, lease, "torn");
  await settle(group, other, "complete", { pages: 3, cost: 0.25 });
  expect(await verified()).toMatchObject({ processingJobs: 1, failedJobs: 1, totalCost: 0.25 });
  await data("POST", `${BASE}/${group}/cancel`);
  expect(await verified()).toMatchObject({ cancelledJobs: 10, totalPages: 3 });
});

test.each([
  ["a status", "status = 'failed'", { completedJobs: 0, failedJobs: 1, totalPages: 0 }],
  ["a cost", "cost_micros = cost_micros + 1", { totalCost: 0.250001 }],
  ["a page", "pages = pages + 1", { totalPages: 4 }],
])("a recount shows %s that was changed behind the API's back", async (_, change, recounted) => {
  const group = await newGroup(1);
  const [lease] = await claim(group, 1);
  await settle(group, lease, "complete", { pages: 3, cost: 0.25 });
  await database.prepare(`UPDATE job SET ${change} WHERE group_id = ?`).bind(group).run();
  const verification = await data("GET", `${BASE}/${group}/verify`);
  expect(verification).toMatchObject({
    consistent: false,
    stored: { completedJobs: 1, totalPages: 3, totalCost: 0.25 },
    recounted,
  });
});

test("metrics are Prometheus text that says what the groups say, and cost nothing for those that ended", async () => {
  await database.batch(
    ["job_group", "delivery"].map((of) => database.prepare(`DELETE FROM ${of}`)),
  );
  for (let ended = 0; ended < 40; ended++) await data("DELETE", `${BASE}/${await newGroup(1)}`);
  for (let ended = 0; ended < 40; ended++) {
    const group = await newGroup(1);
    await data("POST", `${BASE}/${group}/cancel`);
  }
  const running = await newGroup(5, { priority: "high" });
  await claim(running, 2);
  const paused = await newGroup(3);
  await data("POST", `${BASE}/${paused}/pause`);
  await database.prepare("UPDATE job_group SET updated_at = updated_at - 90000").run();
  await database.prepare("UPDATE delivery SET status = 'dead'").run();
  const meter = new Meter(database);
  meter.take();
  const { body, headers } = await call("GET", "/metrics");
  expect(meter.take().rowsRead).toBeLessThanOrEqual(20);
  expect(headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const families = new Map(parsePrometheus(body).map(({ name, metrics }) => [name, metrics]));
  const value = (name: string, labels: object = {}) =>
    families
      .get(name)
      ?.find((sample) => Object.entries(labels).every(([key, of]) => sample.labels?.[key] === of))
      ?.value;
  expect(value("ocr_job_groups", { status: "cancelled", priority: "medium" })).toBe("40");
  expect(value("ocr_job_groups", { status: "processing", priority: "high" })).toBe("1");
  expect(value("ocr_jobs", { state: "pending" })).toBe("8");
  expect(value("ocr_jobs", { state: "processing" })).toBe("2");
  expect(Number(value("ocr_oldest_claimable_seconds"))).toBeGreaterThanOrEqual(90);
  expect(value("ocr_paused_job_groups")).toBe("1");
  expect(value("ocr_notifications_dead")).toBe("0");
});
