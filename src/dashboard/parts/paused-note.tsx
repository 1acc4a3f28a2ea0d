import type { Group } from "../data/types.ts";
import { Icon } from "./icon.tsx";
import { Ago } from "./time.tsx";

/** The reasons of pauses that a group has made by itself, in words. */
const CAUSES: Readonly<Record<string, string>> = {
  failure_rate: "too many documents failed",
  max_cost: "the cost has reached its limit",
};

/** Says that a group is paused, since when, and for which reason. */
export function PausedNote({ group: { pausedAt, pauseReason } }: { group: Group }) {
  if (pausedAt === undefined) return null;
  return (
    <p class="still">
      <Icon name="warning" />
      <span>
        Paused <Ago at={pausedAt} />
        {pauseReason !== undefined && (
          <>
            : <bdi>{CAUSES[pauseReason] ?? pauseReason}</bdi>
          </>
        )}
      </span>
    </p>
  );
}
