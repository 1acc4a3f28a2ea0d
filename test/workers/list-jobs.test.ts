import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Meter } from "../bench/workers/meter.ts";
import {
  BASE,
  call,
  claim,
  data,
  type Json,
  newGroup,
  open,
  settle,
} from "../support/workers/api.ts";

/** The answer of listJobGroupJobs, read no further than the caller reads. */
async function readList(group: string, query = "") {
  const response = await open(`${BASE}/${group}/jobs${query}`);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  return {
    chunk: async () => {
      const { done, value } = await reader.read();
      text += decoder.decode(value);
      return !done;
    },
    async rest(): Promise<Json> {
      while (await this.chunk());
      return JSON.parse(text);
    },
  };
}

const states = (list: Json): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(list.data as Json[], ({ status }) => status as string)].map(
      ([status, jobs]) => [status, jobs.length],
    ),
  );

test("a list of a running group shows one point in time, however slowly it is read", async () => {
  const group = await newGroup(700, { settings: { parallelJobs: 10 } });
  const leases = await claim(group);
  const list = await readList(group);
  await list.chunk();
  await Promise.all(leases.map((lease) => settle(group, lease, "complete")));
  expect(await claim(group)).toHaveLength(10);

  const answer = await list.rest();

  expect(states(answer)).toEqual({ processing: 10, queued: 690 });
  expect(answer.total).toBe(700);
});

test("a long list leaves out jobs added after it began, and its total agrees", async () => {
  const group = await newGroup(1_500);
  const list = await readList(group, "?limit=2000");
  await data("POST", `${BASE}/${group}/jobs`, { jobs: [{ documentName: "late.pdf" }] });
  const answer = await list.rest();
  expect(answer.data).toHaveLength(1_500);
  expect(answer.total).toBe(1_500);
  expect(new Set(answer.data.map(({ jobId }: Json) => jobId)).size).toBe(1_500);
});

test.each(["", "?status=queued", "?limit=2400&offset=50"])(
  "a list %j of a group that is deleted meanwhile breaks off and does not end as a shorter one",
  async (query) => {
    const group = await newGroup(2_500);
    const list = await readList(group, query);
    await data("DELETE", `${BASE}/${group}`).catch(() => undefined);
    await expect(list.rest()).rejects.toThrow("the group was deleted");
  },
);

test("the jobs that failed with a code are listed in their order, at the cost of these alone", async () => {
  const group = await newGroup(60, { settings: { parallelJobs: 10, retryCount: 0 } });
  const codes = ["blank", "torn", undefined, "blank", "torn", "blank"];
  const leases = await claim(group);
  for (const [index, errorCode] of codes.entries()) {
    await settle(group, leases[index], "fail", { error: "bad", errorCode });
  }
  const listed = async (query: string) => {
    const { body } = await call("GET", `${BASE}/${group}/jobs?${query}`);
    return [
      body.total,
      ...body.data.map(({ jobId }: Json) => leases.findIndex((lease) => lease.jobId === jobId)),
    ];
  };
  const meter = new Meter(env.DB);

  expect(await listed("errorCode=blank")).toEqual([3, 0, 3, 5]);
  expect(meter.take().rowsRead).toBeLessThan(20);
  expect(await listed("errorCode=blank&offset=1&limit=1")).toEqual([3, 3]);
  expect(await listed("errorCode=torn&status=failed")).toEqual([2, 1, 4]);
  expect(await listed("errorCode=unspecified")).toEqual([1, 2]);
  expect(await listed("errorCode=none")).toEqual([0]);
  await data("POST", `${BASE}/${group}/retry`, { errorCodes: ["blank"] });
  expect(await listed("errorCode=blank")).toEqual([0]);
});
