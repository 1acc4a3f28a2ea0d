import type { Query } from "drizzle-orm";
import type { CommittedGroup } from "../../domain/group.ts";
import { NO_WORKSPACE } from "../../domain/removal.ts";
import type { Change } from "./commit.ts";
import { isUnmoved } from "./fence.ts";
import { columnOf, storedValues } from "./group-columns.ts";
import { HEARS_COMPLETIONS } from "./listeners.ts";
import { IS_SMALL } from "./remove-group.ts";

/** Sixteen revisions of sixteen characters, with a space after each. */
const RECENT_CHARACTERS = 16 * 17;

/**
 * Moves the group's revision and writes the columns that differ. It aborts the batch when the stored revision or beats are
 * not those that were read. Every commit writes it, and drizzle takes longer to build it than SQLite to execute it: so its
 * text is put together here.
 */
export function updateGroup({ before, rowid, after, remains, beats, untold }: Updated): Query {
  const left = after ?? remains;
  const next = left?.revision ?? before.revision;
  const fence = isUnmoved({ revision: before.revision, rowid, beats: beats.before });
  // A webhook that has come to ask for completed jobs aborts the batch like another writer: it is decided again.
  const unheard = untold ? ` AND NOT ${HEARS_COMPLETIONS}` : "";
  const small = left === null ? ` AND ${IS_SMALL}` : "";
  const set = [`"revision" = CASE WHEN ${fence.sql}${unheard}${small} THEN ? END`];
  const params = [...fence.params, next];
  const assign = (key: string, value: unknown) => {
    const { name, encode } = columnOf(key);
    set.push(`${name} = ?`);
    params.push(encode(value));
  };
  if (next !== before.revision) {
    set.push(`"recent_revisions" = substr(? || "recent_revisions", 1, ${RECENT_CHARACTERS})`);
    params.push(`${before.revision} `);
  }
  if (beats.after !== beats.before) assign("beats", beats.after);
  if (left !== null) {
    for (const [key, value] of changedColumns(before, left)) assign(key, value);
  }
  // The hidden row of a deleted group is matched too: its new revision aborts the batch of a copy that has not seen it.
  const sql = `UPDATE job_group SET ${set.join(", ")} WHERE "id" = ? AND "workspace" IN (?, ?)`;
  return { sql, params: [...params, before.id, before.workspace, NO_WORKSPACE] };
}

type Updated = Pick<Change, "rowid" | "after" | "remains" | "beats" | "untold"> & {
  readonly before: CommittedGroup;
};

/** Only the columns that differ, so an index is written only when its own columns change. The revision is not among them. */
function changedColumns(before: CommittedGroup, after: CommittedGroup): [string, unknown][] {
  const was = storedValues(before);
  return Object.entries(storedValues(after)).filter(
    ([key, value]) => !same(was[key], value) && key !== "revision",
  );
}

const same = (a: unknown, b: unknown): boolean =>
  a === b || (Array.isArray(a) && JSON.stringify(a) === JSON.stringify(b));
