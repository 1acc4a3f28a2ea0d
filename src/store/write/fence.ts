import type { Query } from "drizzle-orm";
import type { CommittedGroup } from "../../domain/group.ts";
import type { Beats } from "../../domain/lease.ts";
import { jobGroup } from "../schema.ts";

/**
 * The condition that nobody has written the group since it was read. A beat leaves the revision as it is, so the
 * beats are compared too: otherwise a copy that has not read a beat could expire the lease it has kept.
 */
export const isUnmoved = ({ revision }: CommittedGroup, beats: Beats): Query => ({
  sql: `"revision" = ? AND "beats" = ?`,
  params: [revision, jobGroup.beats.mapToDriverValue(beats)],
});
