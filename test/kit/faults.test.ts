import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { BASE } from "../support/client.ts";
import { losingProxy } from "./losing-proxy.ts";
import { hang, startKillable, told } from "./start-server.ts";

const server = startKillable();
const SILENCE_MS = 15_000;

/** Runs `program.ts`; `lines` are the events that it has told. */
function startProgram(options: object) {
  const { url, api } = server.running;
  const argument = JSON.stringify({ url, apiKey: api.key, ...options });
  const child = spawn(process.execPath, ["test/kit/program.ts", argument], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => lines.push(...chunk.toString().trim().split("\n")));
  return { child, lines };
}

const claims = (lines: string[]) => lines.filter((line) => line === "claimed").length;

async function exitOf(child: ChildProcess): Promise<unknown> {
  return child.exitCode ?? (await once(child, "exit"))[0];
}

test("SIGTERM ends a processor in two seconds, with every job given back and no lease left", async () => {
  const groupId = await server.newGroup(3, { template: "kit-term" });
  // Two readings that hang, and a claim that waits.
  const { child, lines } = startProgram({
    templates: ["kit-term"],
    concurrency: 4,
    reading: "hang",
  });
  await vi.waitFor(() => expect(claims(lines)).toBe(3), { timeout: 20_000 });
  const before = performance.now();
  child.kill("SIGTERM");
  expect(await exitOf(child)).toBe(0);
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(lines.at(-1)).toBe("stopped");
  const group = await server.group(groupId);
  expect(group).toMatchObject({ processingJobs: 0, pendingJobs: 3 });
  expect((await server.jobs(groupId)).map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
  // Nothing of it comes back for the jobs.
  const processor = server.processor({ groupId, concurrency: 3, read: async () => ({ pages: 1 }) });
  await processor.run();
  expect(await server.group(groupId)).toMatchObject({ completedJobs: 3 });
});

test("a processor that was stopped while it waited for work is leased none of the jobs that come later", async () => {
  const template = "kit-idle";
  const first = await server.newGroup(1, { template });
  const { child, lines } = startProgram({ templates: [template], concurrency: 1, reading: "done" });
  await vi.waitFor(() => expect(lines).toContain("completed"), { timeout: 20_000 });
  // Its claim is at the server once a later request has been answered.
  const emptyGroup = await server.newGroup(0);
  const claim = { workerId: "w", maxJobs: 1, waitSeconds: 2 };
  const wait = () => server.running.api.data("POST", `${BASE}/${emptyGroup}/jobs/claim`, claim);
  await wait();
  child.kill("SIGTERM");
  expect(await exitOf(child)).toBe(0);
  const later = await server.newGroup(2, { template });
  // Longer than the server takes to look at its groups.
  await wait();
  expect(await server.group(later)).toMatchObject({ status: "queued", processingJobs: 0 });
  expect(await server.group(first)).toMatchObject({ completedJobs: 1 });
});

test("a processor that is stopped before it hears of its leases asks for them and gives them back", async () => {
  const template = "kit-unheard";
  const groupId = await server.newGroup(2, { template });
  const { url, lost, close } = await losingProxy(server.running.url);
  const { child } = startProgram({ url, templates: [template], concurrency: 2, reading: "hang" });
  await lost;
  expect(await server.group(groupId)).toMatchObject({ processingJobs: 2 });
  child.kill("SIGTERM");
  expect(await exitOf(child)).toBe(0);
  close();
  expect(await server.group(groupId)).toMatchObject({ processingJobs: 0, pendingJobs: 2 });
});

test("jobs of a processor that is killed are read by another after their silence, and counted once", async () => {
  const groupId = await server.newGroup(4, {
    template: "kit-kill",
    settings: { parallelJobs: 10, retryCount: 2 },
  });
  const { child, lines } = startProgram({
    templates: ["kit-kill"],
    concurrency: 2,
    reading: "hang",
  });
  await vi.waitFor(() => expect(claims(lines)).toBe(2), { timeout: 20_000 });
  child.kill("SIGKILL");
  await exitOf(child);
  const killedAt = performance.now();
  await server.processor({ groupId, concurrency: 2, read: async () => ({ pages: 1 }) }).run();
  expect(performance.now() - killedAt).toBeLessThan(SILENCE_MS + 3_000);
  expect(await server.group(groupId)).toMatchObject({
    completedJobs: 4,
    statistics: { totalPages: 4 },
  });
  expect(await server.isExact(groupId)).toBe(true);
});

test("a server that is killed and comes back in time loses no result and counts none twice", async () => {
  const groupId = await server.newGroup(12);
  let reads = 0;
  const processor = server.processor({
    groupId,
    concurrency: 3,
    read: async () => {
      reads += 1;
      // The readings of the second round end while the server is away.
      if (reads === 4) await server.kill();
      return { pages: 1 };
    },
  });
  const retried = once(processor, "retrying");
  const running = processor.run();
  await retried;
  await server.start();
  await running;
  expect(await server.group(groupId)).toMatchObject({
    status: "completed",
    completedJobs: 12,
    statistics: { totalPages: 12 },
  });
  expect(await server.isExact(groupId)).toBe(true);
});

test("a processor whose server is away for longer than its silence stops its readings by itself", async () => {
  const groupId = await server.newGroup(1, { settings: { retryCount: 2 } });
  const processor = server.processor({ groupId, read: hang });
  const events = told(processor);
  const running = processor.run();
  await once(processor, "claimed");
  await server.kill();
  const before = performance.now();
  await once(processor, "lost");
  expect(performance.now() - before).toBeLessThan(SILENCE_MS + 1_000);
  const claimedAgain = once(processor, "claimed");
  await server.start();
  await claimedAgain;
  await processor.stop();
  await running;
  expect(events).toEqual(["claimed", "lost", "claimed", "released"]);
  expect(await server.jobs(groupId)).toMatchObject([{ status: "queued", attempts: 1 }]);
});
