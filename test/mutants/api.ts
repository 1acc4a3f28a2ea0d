import type { Mutant } from "./mutant.ts";

export const apiMutants: readonly Mutant[] = [
  {
    name: "a coordinator for any id",
    file: "src/api/send-command.ts",
    find: "if (!isId(groupId) || ",
    replace: "if (!isId(groupId) && ",
    killedBy: { file: "test/workers/isolation.test.ts", test: "what another workspace has" },
  },
  {
    name: "formulas in a CSV",
    file: "src/api/results/csv.ts",
    find: "FORMULA.test(text) && !NUMBER.test(text)",
    replace: "false",
    killedBy: { file: "test/workers/results.test.ts", test: "a text .+ in a CSV" },
  },
  {
    name: "quotes of a CSV left single",
    file: "src/api/results/csv.ts",
    find: `text.replaceAll('"', '""')`,
    replace: "text",
    killedBy: { file: "test/workers/results.test.ts", test: "a CSV has a column" },
  },
  {
    name: "an export that forgets its group's end",
    file: "src/api/results/stream-results.ts",
    find: "if (!(await groupExists(db, workspace, groupId)))",
    replace: "if (false as boolean)",
    killedBy: { file: "test/workers/results.test.ts", test: "breaks off and does not end" },
  },
  {
    name: "a page that ends where it is cut",
    file: "src/api/results/stream-results.ts",
    find: "fromId = isCut ? justAfter(last) : beforeId",
    replace: "fromId = beforeId",
    killedBy: { file: "test/workers/results.test.ts", test: "a few times, however few fit" },
  },
  {
    name: "pages without a bound of bytes",
    file: "src/store/read/results.ts",
    find: "WHERE page.bytes - page.own_bytes < ${PAGE_BYTES}",
    replace: "WHERE ${PAGE_BYTES} > 0",
    killedBy: { file: "test/workers/results.test.ts", test: "pages are bounded by bytes" },
  },
  {
    name: "pages as long as before however large",
    file: "src/api/results/stream-results.ts",
    find: "? Math.ceil(1.25 * ",
    replace: "? Math.ceil(100 * ",
    killedBy: { file: "test/workers/results.test.ts", test: "a few times, however few fit" },
  },
  {
    name: "results of any workspace",
    file: "src/store/read/results.ts",
    find: "job.group_id = ${groupId} AND job.workspace = ${workspace}",
    replace: "job.group_id = ${groupId}",
    killedBy: { file: "test/workers/workspace.test.ts", test: "every statement names" },
  },
  {
    name: "numbers of any workspace",
    file: "src/store/read/numbered-jobs.ts",
    find: "WHERE workspace = ${workspace} AND job_number",
    replace: "WHERE workspace > '' AND job_number",
    killedBy: { file: "test/workers/find-jobs.test.ts", test: "of another workspace is not found" },
  },
  {
    name: "a number that thousands have",
    file: "src/api/jobs/find-jobs.ts",
    find: "if (total > MOST)",
    replace: "if (total > MOST + 1)",
    killedBy: { file: "test/workers/find-jobs.test.ts", test: "one more is refused" },
  },
];
