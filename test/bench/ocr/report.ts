import { FIELDS, ESSENTIAL, type Scored, share } from "../../../src/processor/samples/score.ts";
import { KINDS, type Kind } from "../../../src/processor/samples/make-samples.ts";

export interface Read extends Scored {
  name: string;
  kind: Kind;
  seconds: number;
}

/** Right answers by field and kind, then the two aims, then the time, as Markdown. */
export function report(scored: readonly Read[]): string {
  const rows = FIELDS.map((field) => [
    field,
    ...KINDS.map((kind) =>
      share(
        scored.filter((one) => one.kind === kind),
        [field],
      ),
    ),
    share(scored, [field]),
  ]);
  return [
    table([["field", ...KINDS, "all"], ...rows]),
    `essential (${ESSENTIAL.join(", ")}): ${share(scored, ESSENTIAL)}`,
    `all fields: ${share(scored, FIELDS)}`,
    ...KINDS.map(
      (kind) => `${kind}: ${secondsAPage(scored.filter((one) => one.kind === kind))} s a page`,
    ),
  ].join("\n\n");
}

function secondsAPage(scored: readonly Read[]): string {
  return (scored.reduce((sum, one) => sum + one.seconds, 0) / scored.length).toFixed(2);
}

function table([head = [], ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
