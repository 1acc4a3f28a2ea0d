import { expect, test } from "vitest";
import { share, sharedRead } from "../../src/api/groups/shared-read.ts";
import type { CommittedGroup } from "../../src/domain/group.ts";

const group = (revision: string) => ({ revision }) as CommittedGroup;

test("500 streams of a group read it once a second between them", async () => {
  share("w/g", group("0"), 0);
  let reads = 0;
  for (let second = 1; second <= 10; second++) {
    const read = () => Promise.resolve(group(String(++reads)));
    const streams = Array.from({ length: 500 }, (_, index) =>
      sharedRead("w/g", read, second * 1_000 + index),
    );
    await Promise.all(streams);
  }
  expect(reads).toBe(10);
});

test("a stream's group is read again after one second, and each group has its own reads", async () => {
  share("w/a", group("old"), 0);
  const fresh = () => Promise.resolve(group("new"));
  expect(await sharedRead("w/a", fresh, 999)).toEqual(group("old"));
  expect(await sharedRead("w/a", fresh, 1_000)).toEqual(group("new"));
  expect(await sharedRead("w/b", fresh, 1_000)).toEqual(group("new"));
});
