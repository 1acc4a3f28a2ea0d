import { expect, test } from "vitest";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";

const [DOCUMENTS, COST] = [2_000, 0.25];
/** The provider goes down when so many documents have been tried. */
const OUTAGES = [300, 1_000, 1_900];

/** Claims and reports until nothing is claimable. Answers the reason, and the number of failures. */
async function work(group: string, isDown: (tried: number) => boolean, tried: { count: number }) {
  for (let failures = 0; ;) {
    const { body } = await call("POST", `${BASE}/${group}/jobs/claim`, {
      body: { workerId: "w", maxJobs: 10 },
    });
    if (body.data.length === 0) return { reason: body.reason, failures };
    const down = body.data.map(() => isDown(tried.count++));
    failures += down.filter(Boolean).length;
    await Promise.all(
      body.data.map((lease: Json, n: number) =>
        down[n]
          ? settle(group, lease, "fail", { error: "503", errorCode: "provider_down", cost: 0.01 })
          : settle(group, lease, "complete", { pages: 2, cost: COST }),
      ),
    );
  }
}

test("a provider that fails from job 300, 1,000 and 1,900 on costs at most 60 failures each time, and all is read in the end", async () => {
  const settings = { parallelJobs: 10, retryCount: 0, maxFailureRate: 0.5 };
  const group = await newGroup(0, { settings });
  for (let added = 0; added < DOCUMENTS; added += 1_000) {
    const jobs = Array.from({ length: 1_000 }, (_, n) => ({ documentName: `${added + n}.pdf` }));
    await data("POST", `${BASE}/${group}/jobs`, { jobs });
  }
  await data("POST", `${BASE}/${group}/process`);
  const tried = { count: 0 };
  let failed = 0;
  for (const from of OUTAGES) {
    const { reason, failures } = await work(group, (nth) => nth >= from, tried);
    expect(reason).toBe("paused");
    expect(failures).toBeLessThanOrEqual(60);
    failed += failures;
    const paused = await data("GET", `${BASE}/${group}`);
    expect(paused).toMatchObject({ pauseReason: "failure_rate", failedJobs: failed });
    expect(await claim(group)).toEqual([]);
    await data("POST", `${BASE}/${group}/resume`);
  }
  expect((await work(group, () => false, tried)).reason).toBe("finished");
  const retry = await call("POST", `${BASE}/${group}/retry`, {
    body: { errorCodes: ["provider_down"] },
  });
  expect(retry.body.matched).toBe(failed);
  await work(group, () => false, tried);
  expect(await data("GET", `${BASE}/${group}`)).toMatchObject({
    outcome: "succeeded",
    completedJobs: DOCUMENTS,
    statistics: { totalPages: 2 * DOCUMENTS, totalCost: (DOCUMENTS * 100 * COST + failed) / 100 },
  });
  expect(await data("GET", `${BASE}/${group}/verify`)).toMatchObject({ consistent: true });
}, 300_000);
