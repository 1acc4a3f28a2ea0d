import { useLocation } from "preact-iso/router";
import { type Group, type JobErrors, JOB_STATUSES } from "../data/types.ts";
import { count } from "../parts/format.ts";
import { statusWord } from "../parts/status.tsx";
import { addressOf, jobsIn, type JobView } from "./job-view.ts";

interface Props {
  readonly group: Group;
  readonly view: JobView;
  readonly errors: readonly JobErrors[];
}

/** Narrows the jobs by status, or to those that failed with one code. */
export const JobFilters = ({ group, view, errors }: Props) => (
  <div class="jobs-head">
    <h2>Jobs</h2>
    <nav class="chips" aria-label="Jobs by status">
      {[undefined, ...JOB_STATUSES].map((one) => (
        <a
          key={one ?? "all"}
          class="chip"
          href={addressOf(group._id, { ...view, status: one, errorCode: undefined })}
          aria-current={isCurrent(view, one) ? "true" : undefined}
        >
          {one === undefined ? "All" : statusWord(one)} <b>{count(jobsIn(group, one))}</b>
        </a>
      ))}
    </nav>
    {(errors.length > 0 || view.errorCode !== undefined) && (
      <Code group={group} view={view} errors={errors} />
    )}
  </div>
);

const isCurrent = ({ status, errorCode }: JobView, one: JobView["status"]): boolean =>
  (errorCode === undefined ? status : "failed") === one;

function Code({ group, view, errors }: Props) {
  const { route } = useLocation();
  const { errorCode } = view;
  const codes = errors.map((error) => error.errorCode);
  // A code whose jobs are being run again may be gone from the errors, but is still the filter.
  const listed =
    errorCode === undefined || codes.includes(errorCode) ? codes : [errorCode, ...codes];
  return (
    <label class="filter jobs-code">
      <span>Error code</span>
      <select
        value={errorCode ?? ""}
        onChange={({ currentTarget: { value } }) =>
          route(addressOf(group._id, { ...view, status: undefined, errorCode: value }), true)
        }
      >
        <option value="">any</option>
        {listed.map((code) => (
          <option key={code}>{code}</option>
        ))}
      </select>
    </label>
  );
}
