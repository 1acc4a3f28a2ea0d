import { LIMITS } from "../../../domain/limits.ts";
import type { Filter } from "./compile-filter.ts";
import { type Field, type FieldFor, fieldNamed, FILTER_FIELDS } from "./fields.ts";

const { filter: LIMIT } = LIMITS;

const ORDERINGS = ["$gt", "$gte", "$lt", "$lte"] as const;
const UNORDERED = ["$eq", "$ne", "$in", "$nin", "$exists"] as const;
const OPERATORS = [...UNORDERED, ...ORDERINGS] as const;
type Operator = (typeof OPERATORS)[number];

export type ParsedFilter =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly problems: string[] };

export function parseFilter(text: string): ParsedFilter {
  const parser = new FilterParser();
  const filter = parser.text(text);
  const problems = [...parser.problems];
  return problems.length === 0 ? { ok: true, filter } : { ok: false, problems };
}

/** Collects every problem. The filter it returns is valid only when there is none. */
class FilterParser {
  readonly problems = new Set<string>();
  #comparisons = 0;
  #ofMetadata = 0;
  #values = 0;

  text(text: string): Filter {
    if (text.length > LIMIT.characters) {
      return this.#refuse(`A filter has at most ${LIMIT.characters} characters.`);
    }
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return this.#refuse('A filter must be valid JSON, such as {"status":"queued"}.');
    }
    return this.#filter(json, "A filter", 0);
  }

  #filter(json: unknown, what: string, depth: number): Filter {
    if (!isObject(json)) {
      return this.#refuse(`${what} must be a JSON object, such as {"status":"queued"}.`);
    }
    const entries = Object.entries(json);
    if (entries.length === 0) this.#takes(1);
    return all(
      entries.map(([name, value]) =>
        name === "$and" || name === "$or"
          ? this.#group(name, value, depth + 1)
          : this.#field(name, value),
      ),
    );
  }

  #group(operator: "$and" | "$or", value: unknown, depth: number): Filter {
    if (depth > LIMIT.depth) {
      return this.#refuse(`"$and" and "$or" nest at most ${LIMIT.depth} levels deep.`);
    }
    if (!Array.isArray(value) || value.length === 0) {
      return this.#refuse(`"${operator}" takes a non-empty array of filters.`);
    }
    const what = `Each item of "${operator}"`;
    return { operator, filters: value.map((item) => this.#filter(item, what, depth)) };
  }

  #field(name: string, condition: unknown): Filter {
    const bare = Array.isArray(condition) ? "$in" : "$eq";
    const operations = isObject(condition)
      ? Object.entries(condition)
      : [[bare, condition] as const];
    if (!this.#takes(Math.max(1, operations.length))) return NOTHING;
    const quoted = JSON.stringify(name);
    if (name.startsWith("metadata.")) this.#parsesMetadata(operations.length);
    if (name.startsWith("$")) {
      return this.#refuse(
        `${quoted} cannot stand here; allowed are field names, "$and" and "$or".`,
      );
    }
    const field = fieldNamed(name);
    if (field === undefined) {
      this.#refuse(`${quoted} is not a filter field; allowed are ${FILTER_FIELDS.join(", ")}.`);
    }
    this.#checkString(name, "The name of a field");
    if (operations.length === 0) {
      this.#refuse(`${quoted} needs an operator; allowed are ${OPERATORS.join(", ")}.`);
    }
    return all(
      operations.map(([operator, operand]) => {
        if (isOperator(operator)) {
          return field ? this.#comparison(quoted, field, operator, operand) : NOTHING;
        }
        const unknown = `${JSON.stringify(operator)} on ${quoted} is not an operator`;
        return this.#refuse(`${unknown}; allowed are ${OPERATORS.join(", ")}.`);
      }),
    );
  }

  #comparison(name: string, fieldFor: FieldFor, operator: Operator, operand: unknown): Filter {
    switch (operator) {
      case "$exists":
        if (typeof operand === "boolean") return { operator, field: fieldFor(), exists: operand };
        return this.#refuse(`"$exists" on ${name} takes true or false.`);
      case "$eq":
      case "$ne":
        return this.#membership(name, fieldFor, operator === "$eq", [operand]);
      case "$in":
      case "$nin":
        if (!Array.isArray(operand)) {
          return this.#refuse(`"${operator}" on ${name} takes an array of values.`);
        }
        return this.#membership(name, fieldFor, operator === "$in", operand);
      case "$gt":
      case "$gte":
      case "$lt":
      case "$lte": {
        const field = fieldFor(operand);
        if (field.type === "boolean" || field.type === "strings") {
          const allowed = UNORDERED.join(", ");
          return this.#refuse(`"${operator}" on ${name} needs an order; allowed are ${allowed}.`);
        }
        this.#takes(0, 1);
        return { operator, field, value: this.#stored(name, field, operand) };
      }
    }
  }

  #membership(name: string, fieldFor: FieldFor, among: boolean, values: unknown[]): Filter {
    // Only a field of `metadata` can have values of several types in one list.
    const byType = [...Map.groupBy(values, (value) => typeof value).values()];
    const further = Math.max(0, byType.length - 1);
    if (!this.#takes(further, values.length)) return NOTHING;
    this.#parsesMetadata(further);
    const filters = byType.map((values): Filter => {
      const field = fieldFor(values[0]);
      const stored = values.map((value) => this.#stored(name, field, value));
      return { operator: among ? "$in" : "$nin", field, values: stored };
    });
    return { operator: among ? "$or" : "$and", filters };
  }

  #stored(name: string, field: Field, value: unknown): string | number {
    const stored = field.toDriver(value);
    if (typeof value === "string") this.#checkString(value, `A value for ${name}`);
    if (value === null) {
      this.#refuse(`A value for ${name} cannot be null; {"$exists": false} finds what is not set.`);
    } else if (stored === undefined) {
      this.#refuse(`A value for ${name} must be ${field.expects}.`);
    }
    return stored ?? 0;
  }

  #checkString(text: string, what: string): void {
    if (text.includes("\0") || !text.isWellFormed()) {
      this.#refuse(`${what} must be without NUL characters and unpaired surrogates.`);
    }
    if (Array.from(text).length > LIMIT.string) {
      this.#refuse(`${what} has at most ${LIMIT.string} characters.`);
    }
  }

  /** Counts comparisons and values. Returns `false` past a limit, so that nothing more is parsed. */
  #takes(comparisons: number, values = 0): boolean {
    this.#comparisons += comparisons;
    this.#values += values;
    if (this.#comparisons > LIMIT.comparisons) {
      this.#refuse(`A filter has at most ${LIMIT.comparisons} comparisons.`);
    }
    if (this.#values > LIMIT.values) {
      this.#refuse(`A filter has at most ${LIMIT.values} values to compare with.`);
    }
    return this.#comparisons <= LIMIT.comparisons && this.#values <= LIMIT.values;
  }

  /** Each of these comparisons parses the metadata of every group that it looks at. */
  #parsesMetadata(comparisons: number): void {
    this.#ofMetadata += comparisons;
    if (this.#ofMetadata > LIMIT.ofMetadata) {
      this.#refuse(`A filter has at most ${LIMIT.ofMetadata} comparisons of metadata.`);
    }
  }

  #refuse(problem: string): Filter {
    this.problems.add(problem);
    return NOTHING;
  }
}

const NOTHING: Filter = { operator: "$or", filters: [] };

const all = (filters: Filter[]): Filter => ({ operator: "$and", filters });

const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === "object" && json !== null && !Array.isArray(json);

const isOperator = (name: string): name is Operator => OPERATORS.some((known) => known === name);
