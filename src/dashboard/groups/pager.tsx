import type { GroupPage } from "../data/types.ts";
import { count, counted } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { addressOf, type ListState } from "./query.ts";

/** The cursor before each cursor this tab has followed; the first page's is empty. */
const before = new Map<string, string>();
const MOST_REMEMBERED = 1_000;

export function Pager({ page, state }: { page: GroupPage; state: ListState }) {
  const { nextCursor, total, totalCapped } = page;
  if (nextCursor !== undefined && !before.has(nextCursor)) {
    if (before.size >= MOST_REMEMBERED) before.clear();
    before.set(nextCursor, state.cursor ?? "");
  }
  return (
    <nav class="pager" aria-label="Pages">
      <span>{totalCapped ? `${count(total)}+ groups` : counted(total, "group")}</span>
      {state.cursor !== undefined && (
        <>
          <a class="button button-plain" href={addressOf(state, {})}>
            First
          </a>
          {before.has(state.cursor) && (
            <a
              class="button button-plain"
              href={addressOf(state, { cursor: before.get(state.cursor) ?? "" })}
            >
              <Icon name="left" /> Previous
            </a>
          )}
        </>
      )}
      {nextCursor !== undefined && (
        <a class="button button-plain" href={addressOf(state, { cursor: nextCursor })}>
          Next <Icon name="right" />
        </a>
      )}
    </nav>
  );
}
