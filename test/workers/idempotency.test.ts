import { expect, onTestFinished, test, vi } from "vitest";
import { BASE, call, claim, data, newGroup } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const input = { name: "Once", template: "t-1" };
const keyed = (body?: unknown, key: string = crypto.randomUUID()) => ({
  ...(body === undefined ? {} : { body }),
  headers: { "idempotency-key": key },
});

test("1,000 parallel creates under one key make one group", async () => {
  const options = keyed(input);
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () => call("POST", BASE, options)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => body.data._id)).size).toBe(1);
  const replays = answers.filter(({ headers }) => headers.get("idempotent-replayed") === "true");
  expect(replays).toHaveLength(999);
});

test("the quoted and the bare form are one key, and another request under it is refused", async () => {
  const first = await call("POST", BASE, keyed(input, "order-1"));
  const again = await call("POST", BASE, keyed(input, '"order-1"'));
  expect(again.body).toEqual(first.body);
  const other = await call("POST", BASE, keyed({ ...input, name: "Another" }, "order-1"));
  expect(other).toMatchObject({ status: 409, body: { code: "IDEMPOTENCY_KEY_REUSED" } });
});

test("a repeated add without job numbers adds its jobs once", async () => {
  const group = await newGroup();
  const options = keyed({ jobs: [{ documentName: "a.pdf" }, { documentName: "b.pdf" }] });
  const first = await call("POST", `${BASE}/${group}/jobs`, options);
  const again = await call("POST", `${BASE}/${group}/jobs`, options);
  expect(again.body).toEqual(first.body);
  expect((await data("GET", `${BASE}/${group}`)).totalJobs).toBe(2);
});

test("a repeated claim answers the same leases while another key gets others", async () => {
  const group = await newGroup(5, { settings: { parallelJobs: 10 } });
  const options = keyed({ workerId: "w", maxJobs: 2 });
  const first = await call("POST", `${BASE}/${group}/jobs/claim`, options);
  const again = await call("POST", `${BASE}/${group}/jobs/claim`, options);
  expect(again.body).toEqual(first.body);
  expect(await claim(group)).toHaveLength(3);
});

test("an invalid request is not remembered, and an invalid key is refused by name", async () => {
  const key = crypto.randomUUID();
  expect((await call("POST", BASE, keyed({ name: "no template" }, key))).status).toBe(400);
  expect((await call("POST", BASE, keyed(input, key))).status).toBe(201);
  for (const bad of ["", "x".repeat(256), "a b", '"unclosed b"']) {
    const answer = await call("POST", BASE, keyed(input, bad));
    expect(answer.body?.errors?.[0]).toMatchObject({ parameter: "Idempotency-Key" });
  }
});

test("the creation of a group is recognised as long as the group is there, and told of its deletion for a day", async () => {
  const options = keyed(input);
  const { _id } = (await call("POST", BASE, options)).body.data;
  const day = 24 * 60 * 60 * 1000;
  const age = () => vi.setSystemTime(Date.now() + 2 * day);
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  age();
  await call("POST", `${BASE}/${_id}/jobs`, keyed({ jobs: [{ documentName: "a" }] }));
  expect((await call("POST", BASE, options)).headers.get("idempotent-replayed")).toBe("true");
  await call("DELETE", `${BASE}/${_id}`);
  expect((await call("POST", BASE, options)).body.code).toBe("GROUP_DELETED");
  expect((await call("GET", `${BASE}/${_id}`)).status).toBe(404);
  age();
  // Every new receipt clears what has expired.
  await call("POST", BASE, keyed({ ...input, name: "Clears" }));
  const again = await call("POST", BASE, options);
  expect(again.headers.has("idempotent-replayed")).toBe(false);
  expect(again).toMatchObject({ status: 201, body: { data: { _id, totalJobs: 0 } } });
});

test("a key whose receipts have expired is a new key", async () => {
  const body = { jobs: [{ documentName: "a.pdf" }] };
  const group = await newGroup();
  const add = keyed(body);
  const create = keyed(input);
  await call("POST", `${BASE}/${group}/jobs`, add);
  const { _id: deleted } = (await call("POST", BASE, create)).body.data;
  await call("DELETE", `${BASE}/${deleted}`);
  expect((await call("POST", BASE, create)).body.code).toBe("GROUP_DELETED");
  await database
    .prepare("UPDATE receipt SET expires_at = 1 WHERE group_id IN (?, ?)")
    .bind(group, deleted)
    .run();

  const added = await call("POST", `${BASE}/${group}/jobs`, add);
  const created = await call("POST", BASE, create);

  for (const answer of [added, created]) {
    expect(answer.status).toBe(201);
    expect(answer.headers.get("idempotent-replayed")).toBeNull();
  }
  expect((await data("GET", `${BASE}/${group}`)).totalJobs).toBe(2);
  expect(await data("GET", `${BASE}/${deleted}`)).toMatchObject({ name: "Once" });
  expect((await call("POST", BASE, create)).headers.get("idempotent-replayed")).toBe("true");
});

test("a keyed add is answered again in full, however long the names of the jobs it found", async () => {
  const group = await newGroup();
  const numbered = (from: number, count: number, name: string) =>
    Array.from({ length: count }, (_, index) => ({
      documentName: name,
      jobNumber: `INV-${from + index}`,
    }));
  const long = "\u{1F9FE}".repeat(500);
  for (const from of [0, 333, 666]) {
    await data("POST", `${BASE}/${group}/jobs`, { jobs: numbered(from, 333, long) });
  }
  const options = keyed({ jobs: [...numbered(0, 999, "again.pdf"), { documentName: "new.pdf" }] });

  const first = await call("POST", `${BASE}/${group}/jobs`, options);
  const again = await call("POST", `${BASE}/${group}/jobs`, options);

  expect(first.status).toBe(201);
  expect(first.body.data).toMatchObject({ added: 1, existing: 999 });
  expect(first.body.data.jobs[998]).toMatchObject({ documentName: long, jobNumber: "INV-998" });
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(again.body).toEqual(first.body);
});
