import { useSignal } from "@preact/signals";
import type { Group } from "../data/types.ts";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { Status } from "../parts/status.tsx";
import { Ago, Moment } from "../parts/time.tsx";
import { Actions } from "./actions.tsx";

interface Props {
  readonly group: Group;
  readonly onChange: (group: Group) => void;
}

export function GroupHead({ group, onChange }: Props) {
  const failure = useSignal<Error | null>(null);
  return (
    <>
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href="/dashboard">Groups</a>
      </nav>
      <div class="page-head">
        <div class="group-title">
          <h1>
            <bdi>{group.name}</bdi> <Status status={group.status} outcome={group.outcome} />
          </h1>
          <p class="sub">
            {group.batchNumber !== undefined && <bdi>{group.batchNumber}</bdi>}
            <span>
              Created <Ago at={group.createdAt} />
            </span>
            {group.startedAt !== undefined && (
              <span>
                Started <Moment at={group.startedAt} />
              </span>
            )}
            {group.completedAt !== undefined && (
              <span>
                Ended <Moment at={group.completedAt} />
              </span>
            )}
          </p>
        </div>
        <Actions
          group={group}
          onChange={(changed) => {
            failure.value = null;
            onChange(changed);
          }}
          onFailure={(error) => (failure.value = error)}
        />
      </div>
      {failure.value !== null && (
        <RefusalNote error={failure.value} onClose={() => (failure.value = null)} />
      )}
    </>
  );
}
