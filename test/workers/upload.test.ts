import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { fileOf, formOf, type NamedFile, sha256 } from "../support/files.ts";
import { type Answer, BASE, call, data, type Json, newGroup } from "../support/workers/api.ts";
import { expectRefusal, storedObjects } from "../support/workers/refusals.ts";

const upload = (group: string, files: NamedFile[], jobs?: unknown, headers = {}) =>
  call("POST", `${BASE}/${group}/documents`, { raw: formOf(files, jobs), headers });

const pdf = (name: string, seed = 0): NamedFile => ({ name, bytes: fileOf("pdf", 300, seed) });

const objectsOf = async (group: string): Promise<string[]> =>
  (await storedObjects()).filter((name) => name.includes(group));

const TYPES = ["pdf", "png", "jpeg", "tiff", "bmp"] as const;

test("each file becomes a job with its name, type, size and hash, and its bytes are stored", async () => {
  const group = await newGroup();
  const files = TYPES.map((type, seed) => ({
    name: `scan-${seed}.dat`,
    bytes: fileOf(type, 1_000 + seed, seed),
  }));
  const answer = await upload(group, files, [{ jobNumber: "A-1", metadata: { page: 1 } }]);
  expect(answer.status).toBe(201);
  expect(answer.body.data).toMatchObject({ added: 5, existing: 0 });
  const shown = await Promise.all(
    answer.body.data.jobs.map(({ jobId }: Json) => data("GET", `${BASE}/${group}/jobs/${jobId}`)),
  );
  const expected = await Promise.all(
    files.map(async ({ name, bytes }, index) => ({
      documentName: name,
      documentType: TYPES[index],
      documentSize: bytes.length,
      documentSha256: await sha256(bytes),
    })),
  );
  expect(shown).toMatchObject(expected);
  expect(shown[0]).toMatchObject({ jobNumber: "A-1", metadata: { page: 1 } });
  const keys = await objectsOf(group);
  expect(keys.map((key) => key.startsWith(`documents/${group}/`))).toEqual(files.map(() => true));
});

test("names are kept as they are sent, without the folders before them, also twice", async () => {
  const group = await newGroup();
  const names = ['a "b".pdf', "a.pdf", "a.pdf", "📄 é.pdf", "no extension", "50%25.pdf", "x.png"];
  const { body } = await upload(
    group,
    [...names, "C:\\scans\\in.pdf", "../../etc/out.pdf"].map((name, seed) => pdf(name, seed)),
  );
  const kept = body.data.jobs.map(({ documentName }: Json) => documentName);
  expect(kept).toEqual([...names, "in.pdf", "out.pdf"]);
});

test("a repeat under the same key adds nothing and stores nothing, whatever its boundary", async () => {
  const group = await newGroup();
  const headers = { "idempotency-key": crypto.randomUUID() };
  const files = [pdf("a.pdf", 1), pdf("b.pdf", 2)];
  const first = await upload(group, files, [], headers);
  const before = await objectsOf(group);
  const again = await upload(group, files, [], headers);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(await objectsOf(group)).toEqual(before);
  const others = [[pdf("a.pdf", 1), pdf("b.pdf", 3)], [pdf("a.pdf", 1), pdf("c.pdf", 2)], files];
  for (const [index, changed] of others.entries()) {
    const jobs = index === 2 ? [{ jobNumber: "1" }] : [];
    expectRefusal(await upload(group, changed, jobs, headers), "IDEMPOTENCY_KEY_REUSED");
  }
  expect(await objectsOf(group)).toEqual(before);
});

test("a file whose number the group has already is not stored", async () => {
  const group = await newGroup();
  await upload(group, [pdf("a.pdf")], [{ jobNumber: "1" }]);
  const jobs = [{ jobNumber: "2" }, { jobNumber: "1" }];
  const { body } = await upload(group, [pdf("b.pdf"), pdf("c.pdf")], jobs);
  expect(body.data).toMatchObject({ added: 1, existing: 1 });
  expect(body.data.jobs.map(({ documentName }: Json) => documentName)).toEqual(["b.pdf", "a.pdf"]);
  expect(await objectsOf(group)).toHaveLength(2);
});

test("the part jobs comes at any place, also before files of many pieces", async () => {
  const group = await newGroup();
  const form = new FormData();
  form.append("jobs", JSON.stringify([{ jobNumber: "1" }, { jobNumber: "2" }]));
  for (const name of ["a.pdf", "b.pdf"])
    form.append("file", new Blob([fileOf("pdf", 400_000)]), name);
  const { body } = await call("POST", `${BASE}/${group}/documents`, { raw: form });
  expect(body.data.jobs.map(({ jobNumber }: Json) => jobNumber)).toEqual(["1", "2"]);
});

const many = (count: number) => Array.from({ length: count }, (_, n) => pdf(`${n}.pdf`, n));

test("100 files go up at once, and no more", async () => {
  const group = await newGroup();
  const answer = await upload(group, many(100));
  expect(answer.body.data.added).toBe(100);
  expectRefusal(await upload(group, many(101)), "VALIDATION_FAILED");
  expect(await objectsOf(group)).toHaveLength(100);
});

const zip = fileOf("zip", 300);
/** An archive that begins as a PDF: programs for either would open it. */
const polyglot = (): Uint8Array<ArrayBuffer> => {
  const bytes = fileOf("pdf", 300);
  bytes.set([0x50, 0x4b, 5, 6], 278);
  bytes.fill(0, 282);
  return bytes;
};
const pngAndPdf = fileOf("png", 300);
pngAndPdf.set(new TextEncoder().encode("%PDF-1.7"), 100);
const late = fileOf("bmp", 300).fill(0x20, 0, 40);
late.set(new TextEncoder().encode("<script>%PDF-1.7"), 0);

const WRONG: [what: string, files: NamedFile[], jobs: unknown, pointer: string][] = [
  ["no file", [], [], "/file"],
  ["an empty file", [{ name: "a.pdf", bytes: new Uint8Array() }], [], "/file/0"],
  ["a ZIP named .pdf", [pdf("1.pdf"), { name: "2.pdf", bytes: zip }], [], "/file/1"],
  ["a PDF that is an archive too", [{ name: "a.pdf", bytes: polyglot() }], [], "/file/0"],
  ["a PNG that is a PDF too", [{ name: "a.png", bytes: pngAndPdf }], [], "/file/0"],
  ["a page that is a PDF too", [{ name: "a.pdf", bytes: late }], [], "/file/0"],
  ["a text that begins with BM", [{ name: "a.bmp", bytes: fileOf("bmp", 6) }], [], "/file/0"],
  ["a name of 501 characters", [pdf("x".repeat(501))], [], "/file/0"],
  ["more entries than files", [pdf("a.pdf")], [{}, {}], "/jobs"],
  ["an unknown field of a job", [pdf("a.pdf")], [{ number: "1" }], "/jobs/0/number"],
  [
    "a number twice",
    [pdf("a"), pdf("b")],
    [1, 2].map(() => ({ jobNumber: "1" })),
    "/jobs/1/jobNumber",
  ],
  ["no list of jobs", [pdf("a.pdf")], { jobNumber: "1" }, "/jobs"],
];

test.each(WRONG)(
  "%s is refused with its place, and stores nothing",
  async (_, files, jobs, pointer) => {
    const group = await newGroup();
    const answer = await upload(group, files, jobs);
    expectRefusal(answer, "VALIDATION_FAILED");
    expect(answer.body.errors.map((error: Json) => error.pointer)).toEqual([pointer]);
    expect(await objectsOf(group)).toEqual([]);
    expect((await data("GET", `${BASE}/${group}`)).totalJobs).toBe(0);
  },
);

const part = (disposition: string, content: string) =>
  `--X\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
const FILE_PART = part('name="file"; filename="a.pdf"', "%PDF-1.7 x");

const sendText = (group: string, text: string, boundary = "X"): Promise<Answer> =>
  call("POST", `${BASE}/${group}/documents`, {
    raw: text,
    headers: { "content-type": `multipart/form-data${boundary && `; boundary=${boundary}`}` },
  });

test("a form that breaks off, or has another boundary or none, is malformed and stores nothing", async () => {
  const group = await newGroup();
  const whole = `${FILE_PART}--X--\r\n`;
  expectRefusal(await sendText(group, FILE_PART), "MALFORMED_FORM");
  expectRefusal(await sendText(group, whole, "Y"), "MALFORMED_FORM");
  expectRefusal(await sendText(group, whole, ""), "MALFORMED_FORM");
  expectRefusal(await sendText(group, ""), "MALFORMED_FORM");
  expect(await objectsOf(group)).toEqual([]);
  expect((await sendText(group, whole)).status).toBe(201);
});

test("all faults of a form are told at once, and parts with other names refused", async () => {
  const group = await newGroup();
  const parts = [
    part('name="file"', "%PDF-1.7 without a name"),
    part('name="file"; filename="b/"', "%PDF-1.7 in a folder without a name"),
    part('name="files"; filename="c.pdf"', "%PDF-1.7"),
    part('name="jobs"', "[{"),
    part('name="jobs"', "[]"),
  ];
  const { body } = await sendText(group, `${parts.join("")}--X--`);
  expect(body.errors.map((error: Json) => error.pointer)).toEqual([
    "/file/0",
    "/file/1",
    "/files",
    "/jobs",
    "/jobs",
  ]);
});

test("without a bucket the operations on documents say so, and jobs go on as ever", async () => {
  const group = await newGroup(1);
  const [{ jobId }] = await data("GET", `${BASE}/${group}/jobs`);
  const bindings = { DOCUMENTS: undefined };
  const path = `${BASE}/${group}/jobs/${jobId}/document`;
  for (const [method, to] of [
    ["POST", `${BASE}/${group}/documents`],
    ["PUT", path],
    ["GET", path],
  ]) {
    const raw = method === "GET" ? {} : { raw: fileOf("pdf") };
    const answer = await call(method ?? "", to ?? "", { bindings, ...raw });
    expect(answer).toMatchObject({ status: 501, body: { code: "DOCUMENTS_NOT_CONFIGURED" } });
  }
  expect((await call("DELETE", `${BASE}/${group}`, { bindings })).status).toBe(200);
});

test("an upload to a cancelled group is refused and leaves nothing", async () => {
  const group = await newGroup(1);
  await call("POST", `${BASE}/${group}/cancel`);
  expectRefusal(await upload(group, [pdf("a.pdf")]), "GROUP_CANCELLED");
  expect(await objectsOf(group)).toEqual([]);
  expect(await env.DOCUMENTS.head(`documents/${group}/`)).toBeNull();
});
