import { ask, groups } from "../data/client.ts";
import { Action } from "../parts/action.tsx";
import type { ActionProps } from "./actions.tsx";

/** Stops the claims of a group that has not ended, or lets them go on. */
export function PauseOrResume({ group, onChange, onFailure }: ActionProps) {
  const param = { id: group._id };
  const { pause, resume } = groups.value[":id"];
  const isPaused = group.pausedAt !== undefined;
  const run = async () => {
    const answer = isPaused ? resume.$post({ param }) : pause.$post({ param, json: {} });
    onChange((await ask(answer)).data);
  };
  const done = isPaused ? "Processors may claim again." : "The group is paused.";
  return (
    <Action kind={isPaused ? "primary" : "plain"} done={done} run={run} onFailure={onFailure}>
      {isPaused ? "Resume" : "Pause"}
    </Action>
  );
}
