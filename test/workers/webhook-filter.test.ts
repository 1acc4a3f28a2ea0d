import { afterEach, expect, test } from "vitest";
import { BASE, call, data, newGroup } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const subscribe = (filter?: object) =>
  data("POST", "/webhook", { url: "https://hooks.example.com/", ...(filter && { filter }) });

/** The webhooks that are told of the group's end. */
async function toldOf(group: string): Promise<string[]> {
  await data("POST", `${BASE}/${group}/cancel`);
  const { body } = await call("GET", `${BASE}/${group}/notifications`);
  return body.data.map(({ webhookId }: { webhookId: string }) => webhookId).toSorted();
}

afterEach(() => database.exec("DELETE FROM webhook"));

test("a webhook is called for the groups that meet every condition of its filter", async () => {
  const group = await newGroup(1, { template: "a", tags: ["x", "y"] });
  const filters = {
    none: undefined,
    template: { template: "a" },
    group: { groupId: group },
    tag: { tags: ["z", "y"] },
    all: { groupId: group, template: "a", tags: ["x"] },
    otherTemplate: { template: "b" },
    otherGroup: { groupId: "0".repeat(24) },
    otherTag: { tags: ["z"] },
    oneOfTwo: { template: "a", tags: ["z"] },
  };
  const ids: Record<string, string> = {};
  for (const [name, filter] of Object.entries(filters)) {
    ids[name] = (await subscribe(filter)).webhookId;
  }
  const called = ["none", "template", "group", "tag", "all"].map((name) => ids[name] ?? "");
  expect(await toldOf(group)).toEqual(called.toSorted());
});

test("a webhook shows its filter, and one without shows none", async () => {
  await subscribe({ tags: ["x"], template: "a" });
  await subscribe();
  const { body } = await call("GET", "/webhook");
  expect(body.data[0].filter).toEqual({ template: "a", tags: ["x"] });
  expect(body.data[1]).not.toHaveProperty("filter");
});
