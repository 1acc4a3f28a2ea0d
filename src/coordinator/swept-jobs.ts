import type { Command } from "../domain/commands.ts";
import { EVERY_FAILED } from "../domain/retry.ts";
import { FIRST_STEP } from "../domain/sweep.ts";
import type { Sought } from "../store/write/count-jobs.ts";

/** The stored jobs that must be counted before this command is decided. `null` when it can be decided without. */
export function sweptJobs(command: Command): Sought | null {
  if (command.kind === "cancel" && command.step) {
    const { jobIds = null, step } = command;
    const statuses = jobIds === null ? (["queued"] as const) : (["queued", "processing"] as const);
    return { choice: { statuses, jobIds, errorCodes: null }, after: step.after };
  }
  if (command.kind !== "retry" || (command.choice === null && !command.step)) return null;
  const { choice, step = FIRST_STEP } = command;
  return { choice: choice ?? EVERY_FAILED, after: step.after };
}
