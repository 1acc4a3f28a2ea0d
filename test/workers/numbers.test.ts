import { expect, test } from "vitest";
import { BASE, call, claim, data, newGroup } from "../support/workers/api.ts";

const headers = { "content-type": "application/json" };
const send = (method: string, path: string, raw: string) => call(method, path, { raw, headers });

const KEPT = "[6.4e16,1e21,5e-324,9007199254740992,-0.1,2.50]";
const ALTERED = "0.12345678901234567890";
const detail = "would be altered by a double: send it as a string.";

test("a number in metadata or extracted data is answered as the same number", async () => {
  const group = await send("POST", BASE, `{"name":"a","template":"t","metadata":{"n":${KEPT}}}`);
  const id = group.body.data._id as string;
  await send(
    "POST",
    `${BASE}/${id}/jobs`,
    `{"jobs":[{"documentName":"a","metadata":{"n":${KEPT}}}]}`,
  );
  await data("POST", `${BASE}/${id}/process`);
  const [lease] = await claim(id);
  const job = `${BASE}/${id}/jobs/${lease.jobId}`;
  await send(
    "POST",
    `${job}/complete`,
    `{"leaseId":"${lease.leaseId}","extractedData":{"n":${KEPT}}}`,
  );
  const n = JSON.parse(KEPT) as number[];
  expect((await data("GET", `${BASE}/${id}`)).metadata).toEqual({ n });
  expect(lease.metadata).toEqual({ n });
  expect(await data("GET", job)).toMatchObject({ metadata: { n }, extractedData: { n } });
});

test.each(["12345678901234567890", "9007199254740993", "1e-400", "1e400", ALTERED])(
  "%s is refused by name wherever it would be answered as another number",
  async (number) => {
    const id = await newGroup(1);
    const [lease] = await claim(id);
    const before = await data("GET", `${BASE}/${id}`);
    const requests: [method: string, path: string, raw: string, pointer: string][] = [
      ["POST", BASE, `{"name":"a","template":"t","metadata":{"a/b":${number}}}`, "/metadata/a~1b"],
      [
        "PUT",
        `${BASE}/${id}`,
        `{"name":"a","template":"t","metadata":{"a":[${number}]}}`,
        "/metadata/a/0",
      ],
      [
        "POST",
        `${BASE}/${id}/jobs`,
        `{"jobs":[{"documentName":"a"},{"documentName":"b","metadata":{"a":${number}}}]}`,
        "/jobs/1/metadata/a",
      ],
      [
        "POST",
        `${BASE}/${id}/jobs/${lease.jobId}/complete`,
        `{"leaseId":"${lease.leaseId}","extractedData":{"lines":[{},{"net":${number}}]}}`,
        "/extractedData/lines/1/net",
      ],
    ];
    for (const [method, path, raw, pointer] of requests) {
      const { status, body } = await send(method, path, raw);
      expect({ status, errors: body.errors }).toEqual({
        status: 400,
        errors: [{ pointer, detail }],
      });
    }
    expect(await data("GET", `${BASE}/${id}`)).toEqual(before);
  },
);

test("is named beside all other faults of the request", async () => {
  const raw = `{"template":"t","metadata":{"a":${ALTERED}}}`;
  for (const query of ["", "?verbose=1"]) {
    const { body } = await send("POST", BASE + query, raw);
    expect(body.errors).toContainEqual({ pointer: "/metadata/a", detail });
    expect(body.errors).toContainEqual({ pointer: "/name", detail: "is required." });
  }
});

test("numbers that are read by a rule of their own, or not read, may have any spelling", async () => {
  const raw = `{"name":"a","template":"t","processingSettings":{"parallelJobs":3.0000000000000000},
    "statistics":{"averageProcessingTime":${ALTERED}}}`;
  const { status, body } = await send("POST", BASE, raw);
  expect({ status, parallelJobs: body.data?.processingSettings.parallelJobs }).toEqual({
    status: 201,
    parallelJobs: 3,
  });
});
