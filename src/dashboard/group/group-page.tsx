import { useLocation, useRoute } from "preact-iso/router";
import { useEffect, useRef } from "preact/hooks";
import { useLive } from "../data/live.ts";
import type { Group } from "../data/types.ts";
import { announce } from "../parts/announce.tsx";
import { percent } from "../parts/format.ts";
import { finishedShare, isEnded } from "../parts/progress.ts";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { statusWord } from "../parts/status.tsx";
import { Errors, useErrors } from "./errors.tsx";
import { GroupHead } from "./group-head.tsx";
import { viewIn } from "./job-view.ts";
import { Jobs } from "./jobs.tsx";
import { Notifications } from "./notifications.tsx";
import { Overview } from "./overview.tsx";
import { Plots } from "./plots.tsx";
import { Settings } from "./settings.tsx";
import { type Seen, watchGroup } from "./watch-group.ts";

const MOVING_MS = 250;
const STANDING_MS = 5_000;

/** The server closes a stream from time to time. A group that has ended can still be reopened. */
const pause = (seen: Seen | undefined): number =>
  seen !== undefined && isEnded(seen.group) ? STANDING_MS : MOVING_MS;

export function GroupPage() {
  const id = useRoute().params["id"] ?? "";
  const { query } = useLocation();
  const seen = useRef<Seen>(undefined);
  const live = useLive(
    (signal, show) =>
      watchGroup(id, seen.current, signal, (latest) => show((seen.current = latest))),
    pause,
    [id],
  );
  const shown = live.data.value?.group;
  const group = shown?._id === id ? shown : undefined;
  useTitle(group);
  const view = viewIn(query);
  const errors = useErrors(id, group);
  const onChange = (changed: Group) => {
    live.data.value = seen.current = { group: changed, id: null };
    live.refresh();
  };
  const refusal = live.refusal.value;
  return (
    <main class="page">
      {refusal !== null && <RefusalNote error={refusal} />}
      {group !== undefined && refusal === null && (
        <>
          <GroupHead group={group} onChange={onChange} />
          <Overview group={group} />
          <div class="columns">
            <Plots key={id} group={group} />
            <Settings group={group} />
          </div>
          <Errors key={`e-${id}`} group={group} view={view} errors={errors} onChange={onChange} />
          <Jobs key={id} group={group} view={view} errors={errors} onChange={onChange} />
          <Notifications key={`n-${id}`} group={group} />
        </>
      )}
    </main>
  );
}

/** The title shows how far the group is; a change of its status is announced. */
function useTitle(group: Group | undefined): void {
  const status = group?.status;
  const said = useRef(status);
  useEffect(() => {
    if (said.current !== undefined && status !== undefined && said.current !== status) {
      announce(`The group is now ${statusWord(status).toLowerCase()}.`);
    }
    said.current = status;
  }, [status]);
  const share = group === undefined ? "" : `${percent(finishedShare(group))} · `;
  const title = `${share}${group?.name ?? "Group"}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
