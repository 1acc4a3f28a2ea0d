import type { Group } from "./group.ts";

/** Chooses the groups of a claim. An empty list lets every group through. */
export interface ClaimFilter {
  readonly templates: readonly string[];
  readonly tags: readonly string[];
}

/** The filter without repeats and in one order, so that equal filters have equal text. */
export const claimFilter = (templates: readonly string[] = [], tags: readonly string[] = []) => ({
  templates: [...new Set(templates)].toSorted(),
  tags: [...new Set(tags)].toSorted(),
});

export const letsThrough = (
  { templates, tags }: ClaimFilter,
  group: Pick<Group, "template" | "tags">,
): boolean =>
  (templates.length === 0 || templates.includes(group.template)) &&
  (tags.length === 0 || tags.some((tag) => group.tags.includes(tag)));
