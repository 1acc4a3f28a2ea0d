import type { GroupStatus, Priority } from "../data/types.ts";

/** The search and filters in the address of the list of groups. Each is absent or not empty. */
export interface ListState {
  readonly search?: string;
  readonly status?: GroupStatus;
  readonly priority?: Priority;
  readonly template?: string;
  readonly tag?: string;
  readonly sort?: string;
  readonly order?: "asc" | "desc";
  readonly cursor?: string;
}

const FIELDS = [
  "search",
  "status",
  "priority",
  "template",
  "tag",
  "sort",
  "order",
  "cursor",
] as const satisfies readonly (keyof ListState)[];

export function fromAddress(query: Readonly<Record<string, string>>): ListState {
  return Object.fromEntries(FIELDS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
}

/** The address of the list with these changes. A cursor holds only for the list that gave it. */
export function addressOf(
  state: ListState,
  change: { readonly [F in keyof ListState]?: string },
): string {
  const wanted = { ...state, cursor: "", ...change };
  const pairs = FIELDS.flatMap((name) => (wanted[name] ? [[name, wanted[name]]] : []));
  const query = new URLSearchParams(pairs).toString();
  return query === "" ? "/dashboard" : `/dashboard?${query}`;
}

export const PAGE_SIZE = 50;

/** The same as a query of listJobGroups. */
export function toQuery({
  search,
  sort,
  order,
  cursor,
  ...fields
}: ListState): Record<string, string> {
  const filter = filterOf(fields);
  return {
    limit: String(PAGE_SIZE),
    ...(search && { search }),
    ...(sort && { sort }),
    ...(order && { order }),
    ...(cursor && { cursor }),
    ...(filter && { filter }),
  };
}

export function filterOf({
  status,
  priority,
  template,
  tag,
}: Pick<ListState, "status" | "priority" | "template" | "tag">): string | undefined {
  const filter = {
    ...(status && { status }),
    ...(priority && { priority }),
    ...(template && { template }),
    ...(tag && { tags: tag }),
  };
  return Object.keys(filter).length === 0 ? undefined : JSON.stringify(filter);
}
