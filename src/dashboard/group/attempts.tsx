import type { Job } from "../data/types.ts";
import { duration, money } from "../parts/format.ts";
import { Clock } from "../parts/time.tsx";
import { Fact } from "./settings.tsx";

type EndedAttempt = NonNullable<Job["history"]>[number];

const WORDS: Record<EndedAttempt["outcome"], string> = {
  completed: "Completed",
  failed: "Failed",
  timed_out: "Timed out",
  released: "Given back",
  cancelled: "Cancelled",
};

/** The attempts that have ended. A single completion says nothing that the job's facts do not. */
export const Attempts = ({ history = [] }: { history?: readonly EndedAttempt[] | undefined }) =>
  history.length === 0 || (history.length === 1 && history[0]?.outcome === "completed") ? null : (
    <section class="extracted">
      <h4>Attempts</h4>
      <ol class="attempts">
        {history.map((attempt) => (
          <li key={attempt.leasedAt}>
            <Attempt attempt={attempt} />
          </li>
        ))}
      </ol>
    </section>
  );

const Attempt = ({ attempt }: { attempt: EndedAttempt }) => (
  <dl class="facts">
    <Fact name={WORDS[attempt.outcome]}>
      <Clock at={attempt.endedAt} />, after {tookOf(attempt)}
    </Fact>
    <Fact name="Worker">{attempt.workerId}</Fact>
    <Fact name="Reason">{attempt.error}</Fact>
    <Fact name="Code">{attempt.errorCode && <code>{attempt.errorCode}</code>}</Fact>
    <Fact name="Cost">
      {attempt.cost !== undefined && money(attempt.cost, attempt.currency ?? "USD")}
    </Fact>
  </dl>
);

const tookOf = ({ leasedAt, endedAt }: EndedAttempt): string =>
  duration(Date.parse(endedAt) - Date.parse(leasedAt));
