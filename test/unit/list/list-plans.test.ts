import { expect, test } from "vitest";
import { UNSPECIFIED } from "../../../src/domain/job.ts";
import { readClaimableGroups, readClaimReason } from "../../../src/store/read/claimable.ts";
import { SORT_FIELDS } from "../../../src/store/read/list/fields.ts";
import { listGroups, type ListPage } from "../../../src/store/read/list/list-groups.ts";
import type { Position } from "../../../src/store/read/list/keyset.ts";
import { parseFilter } from "../../../src/store/read/list/parse-filter.ts";
import { readJobsPage } from "../../../src/store/read/reads.ts";
import { type Form, formsAt } from "../../bench/forms.ts";
import { seed } from "../../bench/seed.ts";
import { NodeD1 } from "../../support/node-d1.ts";

const GROUPS = 2_000;
const d1 = new NodeD1().migrate();
seed(d1.sqlite, GROUPS);

async function ask({ query }: Form, position?: Position): Promise<ListPage> {
  const { sort, order, filter, search } = query;
  const parsed = parseFilter(filter ?? "{}");
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  const page = await listGroups(d1.db, {
    workspace: "default",
    limit: 5,
    offset: 0,
    position,
    sort: SORT_FIELDS.find((field) => field === sort) ?? "createdAt",
    order: order === "asc" ? "asc" : "desc",
    filter: parsed.filter,
    search,
  });
  if (typeof page === "string") throw new Error(page);
  return page;
}

const throughIndexes = formsAt(GROUPS).filter(({ name }) => name !== "search, two characters");

test.each(throughIndexes.map((form) => [form.name, form] as const))(
  "the list by %s and its count read no table from end to end",
  async (_, form) => {
    for (const position of [undefined, (await ask(form)).position ?? undefined]) {
      await ask(form, position);
      for (const plan of d1.plans()) {
        expect(plan).not.toMatch(/SCAN job_group(?!_search VIRTUAL TABLE)/);
      }
    }
  },
);

const inOrder = throughIndexes.filter(({ name }) => !/search|two/.test(name));

test.each(inOrder.map((form) => [form.name, form] as const))(
  "the list by %s comes out of its index in order, on the first page and on the next",
  async (_, form) => {
    for (const position of [undefined, (await ask(form)).position ?? undefined]) {
      await ask(form, position);
      expect(d1.plans()[0]).not.toContain("TEMP B-TREE");
    }
  },
);

test("a claim over all groups goes in order through those with work, and through no others", async () => {
  await readClaimableGroups(d1.db, { workspace: "default" }, 10, Date.now());
  expect(d1.plans().flatMap((plan) => plan.match(/(SEARCH|SCAN) job_group[^;]*/g) ?? [])).toEqual([
    "SEARCH job_group USING COVERING INDEX job_group_claimable (workspace=? AND claim_rank<?)",
    ...Array.from(
      { length: 4 },
      () =>
        "SEARCH job_group USING INDEX job_group_claimable (workspace=? AND claim_rank=? AND claim_order<?)",
    ),
  ]);
  await readClaimReason(d1.db, { workspace: "default" }, Date.now());
  for (const plan of d1.plans()) expect(plan).toMatch(/_(claimable|by_status) /);
});

test("the next page begins in the index where the one before has ended", async () => {
  const sorts = { createdAt: "created_at", name: "name", priority: "priority", status: "status" };
  for (const [sort, column] of Object.entries(sorts)) {
    const form = { name: sort, query: { sort } };
    await ask(form, (await ask(form)).position ?? undefined);
    expect(d1.plans()[0]).toMatch(new RegExp(`workspace=\\? AND \\(?${column}`));
  }
});

test.each([
  ["blank", /; SEARCH job USING INDEX job_failed \([^;]*$/],
  [UNSPECIFIED, /; SEARCH job USING INDEX job_failed /],
])(
  "the jobs that failed with the code %s are read and counted in the index of failed jobs",
  async (errorCode, plan) => {
    const page = { from: 0, before: undefined, limit: 50, offset: 50, status: undefined };
    const query = { workspace: "default", groupId: "g", errorCode, ...page };
    await readJobsPage(d1.db, query).catch(() => undefined);
    const [, jobs, counted] = d1.plans();
    expect(jobs).toMatch(plan);
    expect(counted).toContain("COVERING INDEX job_failed");
  },
);
