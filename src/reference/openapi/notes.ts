import { SCOPES } from "../../domain/api-key.ts";
import { MAX_JOBS_PER_GROUP } from "../../domain/group.ts";
import {
  MAX_FILTER_COMPARISONS,
  MAX_FILTER_DEPTH,
  MAX_FILTER_LENGTH,
  MAX_FILTER_STRING,
  MAX_FILTER_VALUES,
} from "../../store/read/list/parse-filter.ts";
import { MAX_ERRORS } from "../../http/problems/errors.ts";
import { MAX_JSON_DEPTH } from "../../http/input/limits.ts";

/** The description of both ways to send a key. */
export const CREDENTIAL = `A key has scopes (${SCOPES.map((scope) => `\`${scope}\``).join(", ")}), and each
operation needs one of them. createApiKey makes keys; the root key has every scope. A key sees only its workspace: the id
of something in another workspace is answered like an id that does not exist. Faults of the key are answered before all others:
401 when it is missing, unknown, expired or revoked, then 429 when it calls too often, then 403 when it lacks the
operation's scope. A revoked key stops working within 60 seconds.`;

const n = (value: number) => value.toLocaleString("en-US");

/** The largest request that is accepted, and the way its text is read. */
export const LIMITS = `## Limits

| part of a request | at most |
| --- | --- |
| body | 1 MiB in addJobs, 256 KiB in completeJob, 64 KiB elsewhere; ${MAX_JSON_DEPTH} levels of JSON |
| metadata | 16,384 characters as JSON, 20 levels; extracted data 262,144 characters |
| strings, tags, recipients | as each schema says; lengths count code points, not bytes |
| jobs | 1,000 in a call, ${n(MAX_JOBS_PER_GROUP)} in a group |
| list | 100 groups on a page |
| filter | ${n(MAX_FILTER_LENGTH)} characters, ${MAX_FILTER_COMPARISONS} comparisons, ${MAX_FILTER_VALUES} values of ${MAX_FILTER_STRING} characters, ${MAX_FILTER_DEPTH} levels |
| search | 500 characters |
| faults named in an answer | the first ${n(MAX_ERRORS)} |
| calls | 10,000 in 10 seconds for each key and location of the network; beyond that 429 with \`Retry-After\` |

## Text

Text is answered exactly as it was sent. Refused are a body that is not UTF-8, NUL characters, half surrogate pairs, and
the keys \`__proto__\`, \`constructor\` and \`prototype\`. If a JSON object has a key twice, the last one counts. Numbers in a
query are plain decimal digits. Query parameters that are unknown, empty or repeated are refused by name.`;
