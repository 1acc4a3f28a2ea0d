import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { CommittedGroup as Group } from "../../../src/domain/group.ts";
import { sqlite, store, list, found } from "./store.ts";

beforeEach(() => sqlite.exec("DELETE FROM job_group"));

describe("a search", () => {
  it.for<[Partial<Group>, string, boolean]>([
    [{ name: "Rechnung MÄRZ" }, "märz", true],
    [{ description: "für Ärzte" }, "ÄRZT", true],
    [{ batchNumber: "B-7" }, "b-7", true],
    [{ tags: ["x", "Urgent"] }, "gent", true],
    [{ template: "hidden" }, "hidden", false],
    [{ name: "100%" }, "0%", true],
    [{ name: "100" }, "%", false],
    [{ name: "a_b" }, "a_b", true],
    [{ name: "axb" }, "a_b", false],
    [{ name: 'it\'s "a\\b"' }, "'S \"A\\", true],
    [{ name: "ΟΔΟΣΑΣ" }, "ΟΔΟΣ", true],
    [{ name: "οδος" }, "ΟΔΟΣ", true],
    [{ name: "two\nlines" }, "o\nl", true],
    [{ name: "two", description: "lines" }, "o\nl", false],
    [{ name: "two", description: "lines" }, "o\u001Fl", false],
    [{ name: "two\u001Flines" }, "o\u001Fl", true],
    [{ name: "a", tags: ["b", "c"] }, "\u001E", false],
  ])("in %j for %j answers %j", async ([group, search, matches]) => {
    await store(group);
    expect(await found({ search })).toBe(matches ? "0" : "");
  });
});

it("a search can drop its index for an export and build it again", async () => {
  await store({ name: "kept" });
  for (const event of ["insert", "update", "delete"]) {
    sqlite.exec(`DROP TRIGGER job_group_search_${event}`);
  }
  sqlite.exec("DROP TABLE job_group_search; DROP VIEW job_group_search_source");
  sqlite.exec(readFileSync("migrations/0002_search.sql", "utf8"));
  expect(await found({ search: "kept" })).toBe("");
  sqlite.exec("INSERT INTO job_group_search (job_group_search) VALUES ('rebuild')");
  expect(await found({ search: "kept" })).toBe("0");
});

describe("a list", () => {
  it("answers groups as they were stored", async () => {
    const stored = await store({
      priority: "high",
      tags: ["ä"],
      onFailure: false,
      metadata: '{"a":1}',
    });
    expect(await list()).toEqual({ groups: stored, total: 1, isCapped: false, position: null });
  });

  it("shows no other workspace, whatever the filter", async () => {
    await store({ workspace: "other" });
    const filter = { $or: [{ name: "March" }, { name: { $ne: "March" } }] };
    expect(await list({ filter })).toEqual({
      groups: [],
      total: 0,
      isCapped: false,
      position: null,
    });
  });

  it("sorts priority by rank, and what is not set first in ascending order", async () => {
    await store({ priority: "urgent", startedAt: 5 }, { priority: "low" }, { startedAt: 1 });
    expect(await found({ sort: "priority" })).toBe("120");
    expect(await found({ sort: "startedAt" })).toBe("120");
    expect(await found({ sort: "startedAt", order: "desc" })).toBe("021");
  });
});
