import { type Counters, inWords, segments } from "./progress.ts";

/** The jobs of a group by state, as lengths. The numbers stand in the text beside it. */
export const Bar = ({ group, large = false }: { group: Counters; large?: boolean }) => (
  <div class={large ? "bar bar-large" : "bar"} role="img" aria-label={inWords(group)}>
    {segments(group).map(([name, jobs]) => (
      <span
        key={name}
        class={jobs > 0 ? `segment seg-${name}` : "segment segment-none"}
        style={{ flexGrow: String(jobs) }}
      />
    ))}
  </div>
);
