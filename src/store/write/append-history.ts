import { HISTORY_LENGTH } from "../../domain/history.ts";
import { UNSPECIFIED } from "../../domain/job.ts";

/**
 * The assignment that appends a JSON array of entries to a job's history, and drops the oldest beyond
 * `HISTORY_LENGTH`. A completion that would be the only entry is not stored, because the job's own fields tell it.
 *
 * @param entries SQL for the array as text, or for NULL
 */
export function appendHistory(entries: string): string {
  const all = `CASE WHEN history IS NULL THEN ${entries}
    ELSE substr(history, 1, length(history) - 1) || ',' || substr(${entries}, 2) END`;
  return `history = CASE
    WHEN ${entries} IS NULL THEN history
    WHEN history IS NULL AND json_array_length(${entries}) = 1
      AND json_extract(${entries}, '$[0].outcome') = 'completed' THEN NULL
    WHEN json_array_length(${all}) <= ${HISTORY_LENGTH} THEN ${all}
    ELSE (SELECT json_group_array(json(entry.value)) FROM json_each(${all}) AS entry
      WHERE entry.key >= json_array_length(${all}) - ${HISTORY_LENGTH}) END`;
}

const ofCompletion = (column: string) => `CASE status WHEN 'completed' THEN ${column} END`;

/**
 * The history of a finished job, written out where its own fields tell it: a job that is run again loses them.
 * `historyOf` in the domain tells the same.
 */
export const WHOLE_HISTORY = `coalesce(history, CASE WHEN completed_at IS NOT NULL THEN json_array(json_object(
  'attempt', attempts,
  'workerId', coalesce(worker_id, ''),
  'leasedAt', coalesce(leased_at, completed_at),
  'pages', ${ofCompletion("pages")},
  'costMicros', ${ofCompletion("cost_micros")},
  'currency', ${ofCompletion("currency")},
  'endedAt', completed_at,
  'errorCode', CASE WHEN error IS NOT NULL THEN coalesce(error_code, '${UNSPECIFIED}') END,
  'error', error,
  'outcome', CASE WHEN status = 'completed' THEN 'completed'
    WHEN lease_outcome = 'voided' THEN 'timed_out' ELSE 'failed' END)) END)`;
