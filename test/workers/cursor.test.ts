import { beforeAll, describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "../../src/api/groups/cursor.ts";
import { BASE, call, data, type Json, newGroup } from "../support/workers/api.ts";

const NAMES = ["b", "a", "d", "c", "e"];
const list = (query: Record<string, string>) =>
  call("GET", `${BASE}?${new URLSearchParams(query).toString()}`);
const names = (groups: Json[]) => groups.map(({ name }) => name);
const cursorOf = async (query: Record<string, string>): Promise<string> =>
  (await list({ limit: "2", ...query })).body.nextCursor;

beforeAll(async () => {
  for (const name of NAMES) await newGroup(0, { name, tags: ["cursor"] });
});

test("following nextCursor to its end meets every group once, in order, beside the same total", async () => {
  const query = { limit: "2", sort: "name", order: "asc", filter: '{"tags":"cursor"}' };
  const met: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await list({ ...query, ...(cursor && { cursor }) });
    expect(body.total).toBe(5);
    met.push(...names(body.data));
    cursor = body.nextCursor;
  } while (cursor !== undefined);
  expect(met).toEqual(["a", "b", "c", "d", "e"]);
});

test("a group made or changed meanwhile makes no page repeat or pass over another", async () => {
  const query = { limit: "2", sort: "name", order: "asc", search: "walked" };
  const ids = [];
  for (const name of NAMES) ids.push(await newGroup(0, { name: `walked ${name}` }));
  const first = await list(query);
  await newGroup(0, { name: "walked 0" });
  await data("PUT", `${BASE}/${ids[1]}`, { name: "walked z", template: "t" });
  const { body } = await list({ ...query, cursor: first.body.nextCursor });
  expect(names(body.data)).toEqual(["walked c", "walked d"]);
});

describe("refuses by name a cursor", () => {
  const refused = async (query: Record<string, string>, parameter = "cursor") => {
    const { status, body } = await list(query);
    expect({ status, parameters: body.errors?.map((error: Json) => error.parameter) }).toEqual({
      status: 400,
      parameters: [parameter],
    });
  };

  test.each([
    ["with another sort", { sort: "name" }],
    ["with another order", { order: "asc" }],
    ["with a filter", { filter: "{}" }],
    ["with a search", { search: "a" }],
  ])("%s", async (_, query) => refused({ cursor: await cursorOf({}), ...query }));

  test("with another filter or search than it was given for", async () => {
    const cursor = await cursorOf({ filter: '{"tags":"cursor"}', search: "curs" });
    await refused({ cursor, filter: '{"tags":"other"}', search: "curs" });
    await refused({ cursor, filter: '{"tags":"cursor"}', search: "cur" });
  });

  test.each([
    ["cut short", (cursor: string) => cursor.slice(0, -4)],
    ["of no format", () => "x"],
    ["that is empty", () => ""],
    ["that is not base64", () => "ä%"],
    ["of another page", (cursor: string) => cursor.slice(0, 22) + cursor.slice(23) + "0"],
  ])("%s", async (_, alter) => refused({ cursor: alter(await cursorOf({})) }));

  test("given out in another workspace", async () => {
    const listOf = (workspace: string) => [workspace, "createdAt", "desc", undefined, undefined];
    const cursor = await encodeCursor(listOf("default"), [1, "id"]);
    expect(await decodeCursor(listOf("default"), cursor)).toEqual([1, "id"]);
    expect(await decodeCursor(listOf("other"), cursor)).toBeUndefined();
    await refused({ cursor: await encodeCursor(listOf("other"), [1, "id"]) });
  });

  test("beside an offset, even of 0", async () => {
    await refused({ cursor: await cursorOf({}), offset: "0" }, "offset");
  });
});

test("names every problem of a list query at once", async () => {
  const named = async (query: Record<string, string>) =>
    (await list(query)).body.errors.map((error: Json) => error.parameter);
  expect(await named({ limit: "0", sort: "x", filter: "{" })).toEqual(["limit", "sort", "filter"]);
  expect(await named({ cursor: "x", offset: "1" })).toEqual(["cursor", "offset"]);
});
