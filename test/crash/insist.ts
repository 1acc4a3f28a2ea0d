import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../support/client.ts";

const LIMIT_MS = 120_000;

export interface Repeats {
  unanswered: number;
  unavailable: number;
}

/** Sends until there is an answer other than 503, as a client does that was promised a repeat is safe. */
export async function insist(send: () => Promise<Answer>, repeats: Repeats): Promise<Answer> {
  for (const end = Date.now() + LIMIT_MS; ;) {
    const answer = await send().catch(() => undefined);
    if (answer !== undefined && answer.status !== 503) return answer;
    if (answer === undefined) repeats.unanswered++;
    else repeats.unavailable++;
    if (Date.now() > end) throw new Error("no answer for two minutes");
    await sleep(answer === undefined ? 200 : 20 + Math.random() * 80);
  }
}
