import { CommandQueue } from "../../../src/coordinator/command-queue.ts";
import type { CommandRequest, Outcome } from "../../../src/coordinator/protocol.ts";
import type { Command } from "../../../src/domain/commands.ts";
import { SETTINGS } from "../domain/helpers.ts";

export const done: Outcome = { ok: true, reply: null, replayed: false };
export const answered = (batch: readonly unknown[]) => ({
  kind: "answered" as const,
  outcomes: batch.map(() => done),
});
export const request = (command: Command): CommandRequest => ({
  groupId: "g",
  workspace: "w",
  shard: 0,
  command,
});
export const OPEN = request({ kind: "open" });
export const result = (characters: number): CommandRequest =>
  request({
    kind: "complete",
    jobId: "j",
    leaseId: "l",
    pages: null,
    costMicros: null,
    currency: null,
    confidence: null,
    extractedData: "x".repeat(characters),
  });
export const update = (precondition: { ifMatch?: readonly string[] } = {}): CommandRequest =>
  request({ kind: "update", input: SETTINGS, ...precondition });

/** A queue that commits nothing before `letGo`, and the batches it was given. */
export function held() {
  const batches: (readonly CommandRequest[])[] = [];
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  const queue = new CommandQueue(
    async (batch) => {
      batches.push(batch);
      await promise;
      return answered(batch);
    },
    () => undefined,
  );
  return { queue, batches, letGo };
}
