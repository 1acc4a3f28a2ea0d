import { useLocation } from "preact-iso/router";
import { useLayoutEffect, useRef } from "preact/hooks";
import { PRIORITIES } from "../data/types.ts";
import { Icon } from "../parts/icon.tsx";
import { addressOf, type ListState } from "./query.ts";

const TYPING_MS = 300;

const SORTS = [
  ["", "Newest"],
  ["createdAt asc", "Oldest"],
  ["name asc", "Name"],
  ["priority desc", "Priority"],
  ["status asc", "Status"],
  ["estimatedCompletionTime asc", "Done soonest"],
  ["statistics.totalCost desc", "Highest cost"],
] as const;

/** Every control changes the address, so a filtered list can be kept and shared. */
export function Filters({ state }: { state: ListState }) {
  const { route, url } = useLocation();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef(0);
  const shown = valuesOf(state);
  useLayoutEffect(() => fill(form.current, shown), [url]);
  const apply = () => {
    clearTimeout(timer.current);
    if (form.current === null) return;
    const values = Object.fromEntries(new FormData(form.current)) as Record<string, string>;
    const [sort = "", order = ""] = (values["sort"] ?? "").split(" ");
    route(addressOf(state, { ...values, sort, order }), true);
  };
  const later = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(apply, TYPING_MS);
  };
  return (
    <form
      ref={form}
      class="filters"
      role="search"
      aria-label="Groups"
      onInput={later}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <label class="filter filter-search">
        <Icon name="search" />
        <span class="hidden">Search</span>
        <input
          type="search"
          name="search"
          maxLength={500}
          placeholder="Search name, batch, description, tag"
        />
      </label>
      <Choice name="priority" label="Priority" options={ANY_PRIORITY} />
      <label class="filter">
        <span>Template</span>
        <input name="template" maxLength={200} placeholder="any" />
      </label>
      <label class="filter">
        <span>Tag</span>
        <input name="tag" maxLength={100} placeholder="any" />
      </label>
      <Choice name="sort" label="Sort" options={SORTS} />
    </form>
  );
}

const ANY_PRIORITY = [["", "any"], ...PRIORITIES.map((name) => [name, name] as const)] as const;

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [string, string])[];
}

const Choice = ({ name, label, options }: ChoiceProps) => (
  <label class="filter">
    <span>{label}</span>
    <select name={name}>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

function valuesOf(state: ListState): Readonly<Record<string, string>> {
  const { search = "", template = "", tag = "", sort, order } = state;
  const chosen = `${sort ?? "createdAt"} ${order ?? "desc"}`;
  return {
    search,
    priority: state.priority ?? "",
    template,
    tag,
    sort: chosen === "createdAt desc" ? "" : chosen,
  };
}

/** Shows what the address says, but not over what is just being typed. */
function fill(form: HTMLFormElement | null, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    const control = form?.elements.namedItem(name);
    if (control === document.activeElement) continue;
    if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) {
      control.value = value;
    }
  }
}
