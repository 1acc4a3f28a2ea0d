import type { Group } from "../data/types.ts";
import { Icon } from "../parts/icon.tsx";
import { GroupRow } from "./group-row.tsx";
import { addressOf, type ListState } from "./query.ts";

interface Column {
  readonly name: string;
  readonly sort?: string;
  readonly numeric?: boolean;
}

const COLUMNS: readonly Column[] = [
  { name: "Group", sort: "name" },
  { name: "Status", sort: "status" },
  { name: "Progress" },
  { name: "Rate", numeric: true },
  { name: "Done", sort: "estimatedCompletionTime", numeric: true },
  { name: "Cost", sort: "statistics.totalCost", numeric: true },
  { name: "Created", sort: "createdAt", numeric: true },
];

const DEFAULT_SORT = "createdAt";

export const GroupTable = ({ groups, state }: { groups: readonly Group[]; state: ListState }) => (
  // A table that is laid out as cards on a narrow screen stays a table for screen readers by its roles.
  <table class="groups" role="table">
    <caption class="hidden">Job groups</caption>
    <thead role="rowgroup">
      <tr role="row">
        {COLUMNS.map((column) => (
          <Head key={column.name} column={column} state={state} />
        ))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      {groups.map((group) => (
        <GroupRow key={group._id} group={group} state={state} />
      ))}
    </tbody>
  </table>
);

function Head({ column: { name, sort, numeric }, state }: { column: Column; state: ListState }) {
  const className = numeric ? "numeric" : undefined;
  if (sort === undefined) {
    return (
      <th role="columnheader" scope="col" class={className}>
        {name}
      </th>
    );
  }
  const current = (state.sort ?? DEFAULT_SORT) === sort;
  const descending = (state.order ?? "desc") === "desc";
  return (
    <th
      role="columnheader"
      scope="col"
      class={className}
      aria-sort={current ? (descending ? "descending" : "ascending") : undefined}
    >
      <a href={addressOf(state, { sort, order: current && descending ? "asc" : "desc" })}>
        {name}
        {current && <Icon name={descending ? "down" : "up"} />}
      </a>
    </th>
  );
}
