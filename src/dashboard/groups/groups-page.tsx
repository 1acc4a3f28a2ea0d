import { useLocation } from "preact-iso/router";
import { useEffect } from "preact/hooks";
import { ask, groups } from "../data/client.ts";
import { useLive } from "../data/live.ts";
import { may } from "../data/session.ts";
import type { GroupPage } from "../data/types.ts";
import { Icon } from "../parts/icon.tsx";
import { isEnded } from "../parts/progress.ts";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { Filters } from "./filters.tsx";
import { GroupTable } from "./group-table.tsx";
import { Pager } from "./pager.tsx";
import { fromAddress, toQuery } from "./query.ts";
import { Totals, useMetrics } from "./totals.tsx";

const MOVING_MS = 2_000;
const STANDING_MS = 10_000;

/** A page on which nothing is left to do is asked for less often. */
const pause = (page: GroupPage | undefined): number =>
  page?.data.every(isEnded) === true ? STANDING_MS : MOVING_MS;

export function GroupsPage() {
  const { url, query } = useLocation();
  const state = fromAddress(query);
  const page = useLive(
    (signal) => ask(groups.value.$get({ query: toQuery(state) }, { init: { signal } })),
    pause,
    [url],
  );
  // After the page, whose answer should not wait for this one.
  const metrics = useMetrics();
  useEffect(() => {
    document.title = "Job groups";
  }, []);
  const shown = page.data.value;
  return (
    <main class="page">
      <div class="page-head">
        <h1>Groups</h1>
        {may("groups:write") && (
          <a class="button button-primary" href="/dashboard/new">
            <Icon name="plus" /> New group
          </a>
        )}
      </div>
      <Totals state={state} metrics={metrics.data.value} />
      <Filters state={state} />
      {page.refusal.value !== null && <RefusalNote error={page.refusal.value} />}
      {shown !== undefined && page.refusal.value === null && (
        <>
          <GroupTable groups={shown.data} state={state} />
          {shown.data.length === 0 && <Nothing filtered={url !== "/dashboard"} />}
          <Pager page={shown} state={state} />
        </>
      )}
    </main>
  );
}

const Nothing = ({ filtered }: { filtered: boolean }) => (
  <p class="empty">
    {filtered ? (
      <>
        No group matches. <a href="/dashboard">Show all groups</a>
      </>
    ) : (
      "There are no groups yet."
    )}
  </p>
);
