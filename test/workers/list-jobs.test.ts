import { expect, test } from "vitest";
import { BASE, claim, data, type Json, newGroup, open, settle } from "../support/workers/api.ts";

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
