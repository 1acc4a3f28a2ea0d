import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/** A file, what it may import, and what it may not. `new-file.ts` stands for a file that nobody has let in. */
const RULES: [file: string, allowed: string[], refused: string[]][] = [
  [
    "domain/decide.ts",
    ["./state.ts"],
    ["../lib/hex.ts", "../config.ts", "../store/db.ts", "zod", "hono", "node:crypto"],
  ],
  ["lib/sha256.ts", ["./hex.ts"], ["../domain/ids.ts", "../config.ts", "hono"]],
  ["config.ts", [], ["./domain/ids.ts", "./http/app-types.ts", "hono"]],
  [
    "store/webhooks.ts",
    ["./db.ts", "../domain/webhook.ts", "../lib/hex.ts", "drizzle-orm", "drizzle-orm/d1"],
    ["./read/reads.ts", "./write/commit.ts", "../http/app-types.ts", "../config.ts", "zod"],
  ],
  [
    "store/read/reads.ts",
    ["../schema.ts", "./claimable.ts", "./list/search.ts", "../../domain/job.ts"],
    ["../write/load.ts", "../../coordinator/stub.ts", "../../api/params.ts"],
  ],
  [
    "store/read/list/fields.ts",
    ["./keyset.ts", "../reads.ts", "../../schema.ts", "../../../domain/group.ts"],
    ["../../write/load.ts", "../../../http/shapes/text.ts", "zod"],
  ],
  [
    "store/write/load.ts",
    ["./commit.ts", "../schema.ts", "../read/list/search.ts", "../../domain/group.ts"],
    ["../../coordinator/cache.ts", "../../notify/payload.ts"],
  ],
  [
    "notify/courier.ts",
    ["./attempt.ts", "../config.ts", "../store/write/outbox.ts", "../store/webhooks.ts"],
    ["../store/schema.ts", "drizzle-orm", "../coordinator/stub.ts", "../store/new-file.ts"],
  ],
  [
    "coordinator/stub.ts",
    ["./protocol.ts", "../notify/courier.ts", "../store/write/commit.ts", "cloudflare:workers"],
    ["../api/params.ts", "../http/app-types.ts", "drizzle-orm", "../store/schema.ts", "zod"],
  ],
  [
    "http/auth/requires.ts",
    ["./authenticate.ts", "../app-types.ts", "../input/query.ts", "../../store/api-keys.ts"],
    ["../../api/examples.ts", "../../domain/group.ts", "../../coordinator/stub.ts"],
  ],
  ["http/operation.ts", ["./app-types.ts", "hono"], ["../api/params.ts", "../domain/job.ts"]],
  [
    "api/jobs/get-job.ts",
    ["../send-command.ts", "../groups/schema.ts", "../../store/read/reads.ts", "../../config.ts"],
    ["../../store/write/load.ts", "../../store/schema.ts", "../../store/new-file.ts", "zod"],
  ],
  [
    "api/groups/new-file.ts",
    ["../../coordinator/stub.ts", "../../domain/new-file.ts", "../../http/operation.ts"],
    ["../../coordinator/group-coordinator.ts", "../../notify/courier.ts", "../../app.ts"],
  ],
  ["api/send-command.ts", ["./groups/schema.ts", "../store/db.ts"], ["../store/write/load.ts"]],
  [
    "reference/openapi/document.ts",
    ["./info.ts", "../pages/page.ts", "../../api/examples.ts", "../../http/headers/bookmark.ts"],
    ["../../store/db.ts", "../../api/jobs/schema.ts", "../../domain/group.ts"],
  ],
  ["cli/create-key.ts", ["node:util"], ["../config.ts", "../domain/api-key.ts", "hono"]],
  [
    "processor/kit/processor.ts",
    ["./calls.ts", "../errors.ts", "node:events", "ocr-invoice-job-groups/client"],
    ["../reader/read-invoice.ts", "../../client.ts", "../../domain/limits.ts", "hono/client"],
  ],
  [
    "processor/reader/document/read-pdf.ts",
    ["../../errors.ts", "../limits.ts", "tesseract.js"],
    ["../../kit/calls.ts", "../../../client.ts", "../../../domain/limits.ts"],
  ],
  ["app.ts", ["./api/operations.ts", "hono/cors"], ["./store/db.ts", "./domain/group.ts"]],
];

let folder = "";
let refusals: { filename: string; help: string; line: number }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imports-"));
  for (const [file, allowed, refused] of RULES) {
    const path = join(folder, "src", file);
    await mkdir(dirname(path), { recursive: true });
    const lines = [...allowed, ...refused].map((module) => `import ${JSON.stringify(module)};\n`);
    await writeFile(path, lines.join(""));
  }
  const oxlint = resolve("node_modules/.bin/oxlint");
  await copyFile(".oxlintrc.json", join(folder, ".oxlintrc.json"));
  const stdout = await promisify(execFile)(oxlint, ["--format", "json"], { cwd: folder }).then(
    () => "{}",
    (error: { stdout: string }) => error.stdout,
  );
  const { diagnostics = [] } = JSON.parse(stdout) as { diagnostics?: Diagnostic[] };
  refusals = diagnostics
    .filter(({ code }) => code === "eslint(no-restricted-imports)")
    .map(({ filename, help, labels }) => ({ filename, help, line: labels[0]?.span.line ?? 0 }));
});

afterAll(() => rm(folder, { recursive: true }));

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
  readonly help: string;
  readonly labels: { span: { line: number } }[];
}

test.each(RULES)("%s imports what its room may and nothing else", (file, allowed, refused) => {
  const found = refusals.filter(({ filename }) => filename.endsWith(`src/${file}`));
  const modules = [...allowed, ...refused];
  expect(modules.filter((_, index) => found.some(({ line }) => line === index + 1))).toEqual(
    refused,
  );
  for (const { help } of found) expect(help).toMatch(/belong|import nothing/);
});
