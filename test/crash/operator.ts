import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, BASE } from "../support/client.ts";
import type { World } from "./clients.ts";
import { insist } from "./insist.ts";
import type { Grant } from "./ledger.ts";

const LONGEST_RUN_MS = 2_000;
const LONGEST_PAUSE_MS = 1_500;

/** Pauses a group now and then, looks whether it stays paused, and resumes it. */
export async function operator(world: World, groupId: string, random: () => number): Promise<void> {
  const { ledger, copies, pausedAt } = world;
  const send = async (method: string, action: string): Promise<Answer> => {
    const copy = copies[Math.floor(random() * copies.length)] ?? copies[0];
    const path = `${BASE}/${groupId}${action}`;
    const answer = await insist(() => copy.call(method, path), ledger.repeats);
    ledger.counts.answered++;
    const hasEnded = ["GROUP_FINISHED", "GROUP_CANCELLED"].includes(answer.body?.code);
    if (answer.status !== 200 && !hasEnded) ledger.violate("unexpected answers", answer.body);
    return answer;
  };
  while (!world.draining) {
    await sleep(random() * LONGEST_RUN_MS);
    if ((await send("POST", "/pause")).status !== 200) continue;
    ledger.counts.pauses++;
    pausedAt.set(groupId, performance.now());
    await sleep(random() * LONGEST_PAUSE_MS);
    const { data } = (await send("GET", "")).body;
    const hasEnded = ["completed", "failed"].includes(data.status);
    if (data.pausedAt === undefined && !hasEnded) ledger.violate("paused groups resumed", data);
    pausedAt.delete(groupId);
    await send("POST", "/resume");
  }
}

/** Notes leases that a claim got although it was sent after a pause of their group. */
export function lookForPaused(
  { ledger, pausedAt }: World,
  grants: readonly Grant[],
  sentAt: number,
) {
  for (const { lease } of grants) {
    if ((pausedAt.get(lease.groupId) ?? Infinity) < sentAt) {
      ledger.violate("jobs of paused groups leased", lease);
    }
  }
}
