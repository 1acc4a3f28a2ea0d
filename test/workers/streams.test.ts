import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import app from "../../src/index.ts";
import { BASE, newGroup, SERVER } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const [STREAMS, GROUPS, SECONDS] = [500, 5, 4];

async function open(group: string): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const request = new Request(`http://localhost${BASE}/${group}/events`, {
    headers: { "api-key": env.ROOT_API_KEY },
  });
  const { body } = await app.fetch(request, SERVER, createExecutionContext());
  if (body === null) throw new Error("no stream");
  return body.getReader();
}

test("500 open streams read each of their groups once a second between them", async () => {
  const groups = await Promise.all(Array.from({ length: GROUPS }, () => newGroup(1)));
  const streams = await Promise.all(
    Array.from({ length: STREAMS }, (_, n) => open(groups[n % GROUPS] ?? "")),
  );
  const firsts = await Promise.all(streams.map((stream) => stream.read()));
  const text = firsts.map(({ value }) => new TextDecoder().decode(value));
  expect(text.filter((event) => event.startsWith("event: group"))).toHaveLength(STREAMS);
  const prepared = vi.spyOn(Object.getPrototypeOf(database) as D1Database, "prepare");
  const startedAt = Date.now();
  await scheduler.wait(SECONDS * 1_000);
  const seconds = (Date.now() - startedAt) / 1_000;
  const reads = prepared.mock.calls.length;
  vi.restoreAllMocks();
  console.info(`${STREAMS} streams of ${GROUPS} groups: ${reads} reads in ${seconds} s`);
  expect(reads).toBeGreaterThan(0);
  expect(reads).toBeLessThanOrEqual(GROUPS * (seconds + 1));
  await Promise.all(streams.map((stream) => stream.cancel()));
}, 60_000);
