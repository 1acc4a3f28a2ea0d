import type { Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Group } from "../data/types.ts";
import { useVirtual } from "../parts/virtual.ts";
import { JobPages } from "./job-pages.ts";
import { COLUMNS, JobRow } from "./job-row.tsx";
import { jobsIn, type JobView } from "./job-view.ts";

const ROW_HEIGHT = 36;
const HEAD_HEIGHT = 32;
const OVERSCAN = 8;

interface Props {
  readonly group: Group;
  readonly view: JobView;
  /** The ids of the jobs to be cancelled. Absent where none can be. */
  readonly chosen: Signal<ReadonlySet<string>> | undefined;
}

/** The jobs of the group in the view. Only those near the visible ones are in the page and in memory. */
export function JobTable({ group, view, chosen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const pages = useMemo(() => new JobPages(group._id, view), []);
  useEffect(() => () => pages.stop(), []);
  const { status, errorCode, job } = view;
  // The group counts its failed jobs, but not those of a code: the list does.
  const total = errorCode === undefined ? jobsIn(group, status) : (pages.total ?? 1);
  const rows = useVirtual({
    count: total,
    estimateSize: () => ROW_HEIGHT,
    getScrollElement: () => scroller.current,
    overscan: OVERSCAN,
  });
  const items = rows.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => {
    if (total > 0 || errorCode !== undefined) pages.show({ first, last, changed: group.updatedAt });
  }, [first, last, total, group.updatedAt]);
  if (total === 0) return <p class="empty">No jobs here.</p>;
  return (
    <div class="job-table" role="table" aria-label="Jobs" aria-rowcount={total + 1}>
      <div
        ref={scroller}
        class="job-scroller"
        tabIndex={0}
        role="rowgroup"
        aria-label="Jobs"
        style={{ height: `min(540px, 72vh, ${total * ROW_HEIGHT + HEAD_HEIGHT}px)` }}
      >
        <div class="job-row job-row-head" role="row" aria-rowindex={1}>
          {COLUMNS.map((name) => (
            <span key={name} role="columnheader" class={`job-${name.toLowerCase()}`}>
              {name === "Document" && chosen !== undefined && <span class="job-choice" />}
              {name}
            </span>
          ))}
        </div>
        <div class="job-rows" role="presentation" style={{ height: `${rows.getTotalSize()}px` }}>
          {items.map(({ index, start }) => (
            <JobRow
              key={index}
              job={pages.at(index)}
              groupId={group._id}
              view={view}
              index={index}
              top={start}
              current={job !== undefined && pages.at(index)?.jobId === job}
              chosen={chosen}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
