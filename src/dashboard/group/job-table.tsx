import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Group, JobStatus } from "../data/types.ts";
import { useVirtual } from "../parts/virtual.ts";
import { JobPages } from "./job-pages.ts";
import { COLUMNS, JobRow } from "./job-row.tsx";

const ROW_HEIGHT = 36;
const HEAD_HEIGHT = 32;
const OVERSCAN = 8;

interface Props {
  readonly group: Group;
  readonly status: JobStatus | undefined;
  readonly total: number;
  readonly shownJob: string | undefined;
}

/** All jobs of the group, of which only those in view are in the page and in memory. */
export function JobTable({ group, status, total, shownJob }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const pages = useMemo(() => new JobPages(group._id, status), []);
  useEffect(() => () => pages.stop(), []);
  const rows = useVirtual({
    count: total,
    estimateSize: () => ROW_HEIGHT,
    getScrollElement: () => scroller.current,
    overscan: OVERSCAN,
  });
  const items = rows.getVirtualItems();
  const [first, last] = [items[0]?.index, items.at(-1)?.index];
  useEffect(() => {
    if (first !== undefined && last !== undefined) {
      pages.show({ first, last, changed: group.updatedAt });
    }
  }, [first, last, group.updatedAt]);
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
              index={index}
              top={start}
              current={pages.at(index)?.jobId === shownJob}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
