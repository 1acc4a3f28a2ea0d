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

/** How a caller is known; the description of both ways to send a key. */
export const CREDENTIAL = `A key has scopes (${SCOPES.map((scope) => `\`${scope}\``).join(", ")}), and each operation
needs one. A key of createApiKey, or the root key. It sees only its workspace: an id of another
one is an id that does not exist. Of a request with several faults the key's come first: 401 when it is missing,
unknown, expired or revoked, then 429 when it calls too often, then 403 when it lacks the operation's scope. A key is
remembered for at most 60 seconds: revoking it takes effect within them.`;

const n = (value: number) => value.toLocaleString("en-US");

/** What a request may be at most, and how its text is read. */
export const LIMITS = `## Limits

| what | at most |
| --- | --- |
| body | 1 MiB in addJobs, 256 KiB in completeJob, 64 KiB elsewhere; ${MAX_JSON_DEPTH} levels of JSON |
| metadata | 16,384 characters as JSON, 20 levels; extracted data 262,144 characters |
| strings, tags, recipients | as each schema says; lengths count code points, not bytes |
| jobs | 1,000 a call, ${n(MAX_JOBS_PER_GROUP)} a group |
| list | 100 groups a page |
| filter | ${n(MAX_FILTER_LENGTH)} characters, ${MAX_FILTER_COMPARISONS} comparisons, ${MAX_FILTER_VALUES} values of ${MAX_FILTER_STRING} characters, ${MAX_FILTER_DEPTH} levels |
| search | 500 characters |
| faults named in an answer | the first ${n(MAX_ERRORS)} |
| calls | 10,000 in 10 seconds a key, at each location of the network; beyond 429 with \`Retry-After\` |

## Text

What is accepted is answered as it was sent. A body that is not UTF-8, NUL characters, half surrogate pairs and the
keys \`__proto__\`, \`constructor\` and \`prototype\` are refused. Where a JSON object has a key twice the last counts.
Numbers in a query are plain decimal digits; unknown, empty and repeated parameters are refused by name.`;
