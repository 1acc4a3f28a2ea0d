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
import { database } from "../support/workers/database.ts";

const DEFAULT_JOBS = 3;
const REFUSED = { status: 429, body: { code: "RATE_LIMITED" } };
const meter = new Meter(database);

const lines = async (group: string, query = ""): Promise<Json[]> => {
  const { body } = await call("GET", `${BASE}/${group}/results${query}`);
  return body
    .split("\n")
    .slice(0, -1)
    .map((line: string) => JSON.parse(line));
};

const csv = async (group: string, query: string): Promise<string[]> => {
  const { body } = await call("GET", `${BASE}/${group}/results?format=csv&${query}`);
  return body.split("\r\n");
};

/** A group whose first job has this result. */
async function readGroup(extractedData?: object, jobs = DEFAULT_JOBS): Promise<string> {
  const group = await newGroup(jobs);
  const [lease] = await claim(group, 1);
  await settle(group, lease, "complete", {
    pages: 2,
    cost: 0.5,
    ...(extractedData && { extractedData }),
  });
  return group;
}

/** Gives every job of a group a result of so many bytes, without the way of a report. */
const fill = (group: string, bytes: number) =>
  database
    .prepare(
      `UPDATE job SET status = 'completed', extracted_data = '{"text":"' || hex(zeroblob(?)) || '"}' WHERE group_id = ?`,
    )
    .bind(bytes / 2, group)
    .run();

test("a line is the job as getJob shows it, without its history", async () => {
  const group = await readGroup({ total: 1190, b: { "10": 1, "9": 2 }, text: 'a\n"ü' });
  const [line, ...others] = await lines(group);
  const { history: _, ...job } = await data("GET", `${BASE}/${group}/jobs/${line.jobId}`);
  expect(line).toEqual(job);
  expect(Object.keys(line)).toEqual(Object.keys(job));
  expect(others).toEqual([]);
});

test("jobs come in the order they were added, of the states that were asked for, while the group runs", async () => {
  const group = await readGroup({ total: 1 }, 5);
  const [second] = await claim(group, 1);
  await settle(group, second, "fail", { error: "torn", retryable: false });
  await claim(group, 1);
  const statuses = async (query: string) => (await lines(group, query)).map(({ status }) => status);
  expect(await statuses("")).toEqual(["completed", "failed"]);
  expect(await statuses("?status=failed")).toEqual(["failed"]);
  expect(await statuses("?status=queued,processing,failed")).toEqual([
    "failed",
    "processing",
    "queued",
    "queued",
  ]);
});

test("a CSV has a column for each field of a job and each pointer, in RFC 4180", async () => {
  const group = await readGroup({
    total: -5,
    vendor: { name: 'A "B", C' },
    items: [{ net: 1 }],
    no: null,
  });
  const [head, row, end] = await csv(
    group,
    "fields=/total,/vendor/name,/items/0/net,/items,/no,/length",
  );
  expect(head?.split(",").slice(0, 4)).toEqual(["jobId", "jobNumber", "documentName", "status"]);
  expect(head).toMatch(
    /,pages,cost,.*,\/total,\/vendor\/name,\/items\/0\/net,\/items,\/no,\/length$/,
  );
  expect(row).toMatch(/^[0-9a-f]{24},,invoice-1\.pdf,completed,/);
  expect(row).toMatch(/,-5,"A ""B"", C",1,"\[\{""net"":1\}\]",,$/);
  expect(end).toBe("");
});

test.each([
  ["=1+1", "'=1+1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["+49 30 1", "'+49 30 1"],
  ["-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"],
  ["\t=1", "'\t=1"],
  ["  =1", "'  =1"],
  ["\r=1", `"'\r=1"`],
  ["＝1", "'＝1"],
  ["-12.50", "-12.50"],
  ["a=1", "a=1"],
])("a text %j is %j in a CSV", async (text, cell) => {
  const group = await readGroup({ text });
  const { body } = await call("GET", `${BASE}/${group}/results?format=csv&fields=/text`);
  expect(body.endsWith(`,${cell}\r\n`)).toBe(true);
});

test("a name or an error that is a formula is defused too", async () => {
  const group = await newGroup();
  await data("POST", `${BASE}/${group}/jobs`, { jobs: [{ documentName: "=A1", jobNumber: "@1" }] });
  await data("POST", `${BASE}/${group}/process`);
  const [lease] = await claim(group, 1);
  await settle(group, lease, "fail", { error: "+1\n,", retryable: false });
  const { body } = await call("GET", `${BASE}/${group}/results?format=csv`);
  expect(body).toContain(`,'@1,'=A1,failed,`);
  expect(body).toContain(`,"'+1\n,",`);
});

test("a file is named, and begins with a byte order mark only when asked to", async () => {
  const group = await readGroup();
  const asked = await call("GET", `${BASE}/${group}/results?format=csv&bom=true`);
  expect(asked.headers.get("content-disposition")).toBe(
    `attachment; filename="results-${group}.csv"`,
  );
  expect(asked.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const begins = async (query: string) => {
    const response = await open(`${BASE}/${group}/results?format=csv${query}`);
    return [...new Uint8Array(await response.arrayBuffer()).slice(0, 3)];
  };
  expect(await begins("&bom=true")).toEqual([0xef, 0xbb, 0xbf]);
  expect(await begins("")).toEqual([...new TextEncoder().encode("job")]);
  const plain = await call("GET", `${BASE}/${group}/results`);
  expect(plain.headers.get("content-type")).toBe("application/x-ndjson");
});

test("pointers choose what a line of NDJSON shows, by escaped keys and with commas in them", async () => {
  const group = await readGroup({ "a/b": 1, "c~d": 2, "e,f": 3, big: "x" });
  const query = `?fields=${encodeURIComponent("/a~1b,/c~0d,/e,f,/missing,/constructor")}`;
  const [line] = await lines(group, query);
  expect(line.fields).toEqual({ "/a~1b": 1, "/c~0d": 2, "/e,f": 3 });
  expect(line.extractedData).toBeUndefined();
});

test("an export with `after` begins behind that job, and its CSV has no header line", async () => {
  const group = await newGroup(4);
  await fill(group, 10);
  const whole = await lines(group);
  expect(await lines(group, `?after=${whole[1].jobId}`)).toEqual(whole.slice(2));
  expect(await lines(group, `?after=${whole[3].jobId}`)).toEqual([]);
  const rows = await csv(group, `after=${whole[2].jobId}`);
  expect(rows.map((row) => row.slice(0, 24))).toEqual([whole[3].jobId, ""]);
});

test("pages are bounded by bytes: large results come few at a time, small ones many", async () => {
  const [large, small] = [await newGroup(30), await newGroup(2_000)];
  await fill(large, 200_000);
  const sizes = async (group: string) => {
    const response = await open(`${BASE}/${group}/results`);
    const chunks: number[] = [];
    for await (const chunk of response.body ?? []) chunks.push(chunk.length);
    return chunks;
  };
  const chunks = await sizes(large);
  expect(chunks.length).toBe(30);
  expect(Math.max(...chunks)).toBeLessThan(300_000);
  await fill(small, 10);
  expect((await sizes(small)).length).toBeLessThan(20);
});

test("reading large results reads each job's row a few times, however few fit into a page", async () => {
  const group = await newGroup(400);
  await fill(group, 100_000);
  meter.take();
  expect(await lines(group)).toHaveLength(400);
  expect(meter.take().rowsRead).toBeLessThan(400 * 10);
});

test("a client that hangs up stops the reads", async () => {
  const group = await newGroup(60);
  await fill(group, 200_000);
  const response = await open(`${BASE}/${group}/results`);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  meter.take();
  await reader.read();
  expect(meter.take().roundTrips).toBe(1);
  await reader.cancel();
  await data("GET", `${BASE}/${group}`);
  expect(meter.take().roundTrips).toBe(1);
});

test("a workspace runs eight exports at once; another is refused until one has ended or its client has hung up", async () => {
  const group = await newGroup(3);
  await fill(group, 200_000);
  const begin = async () => {
    const response = await open(`${BASE}/${group}/results`);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    return reader;
  };
  const [first, second] = [await begin(), await begin()];
  const others = [];
  while (others.length < 6) others.push(await begin());
  expect(await call("GET", `${BASE}/${group}/results`)).toMatchObject(REFUSED);
  expect((await open(`${BASE}/${group}/results`, "HEAD")).status).toBe(200);
  await first.cancel();
  expect(await lines(group)).toHaveLength(3);
  const last = await begin();
  expect(await call("GET", `${BASE}/${group}/results`)).toMatchObject(REFUSED);
  for (let done = false; !done;) ({ done } = await second.read());
  expect(await lines(group)).toHaveLength(3);
  await Promise.all([last, ...others].map((reader) => reader.cancel()));
});

test("an export of a group that is deleted meanwhile breaks off and does not end as a shorter one", async () => {
  const group = await newGroup(60);
  await fill(group, 200_000);
  const response = await open(`${BASE}/${group}/results`);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  await data("DELETE", `${BASE}/${group}`);
  await expect(reader.read()).rejects.toThrow("the group was deleted");
});

test("a job that is added while an export runs is not in it", async () => {
  const group = await newGroup(20);
  await fill(group, 200_000);
  const response = await open(`${BASE}/${group}/results?status=completed,queued`);
  await data("POST", `${BASE}/${group}/jobs`, { jobs: [{ documentName: "late.pdf" }] });
  expect((await response.text()).trimEnd().split("\n")).toHaveLength(20);
});

test("a HEAD request reads no job", async () => {
  const group = await readGroup();
  meter.take();
  const { status } = await open(`${BASE}/${group}/results`, "HEAD");
  expect(status).toBe(200);
  expect(meter.take().rowsRead).toBe(1);
});
