import { SCOPES } from "../../domain/api-key.ts";
import { LIMITS } from "../../domain/limits.ts";
import { thousands as n } from "../../lib/thousands.ts";

/** The description of both ways to send a key. */
export const CREDENTIAL = `A key has scopes (${SCOPES.map((scope) => `\`${scope}\``).join(", ")}), and each
operation needs one of them. createApiKey makes keys; the root key has every scope. A key sees only its workspace: the id
of something in another workspace is answered like an id that does not exist. Faults of the key are answered before all others:
401 when it is missing, unknown, expired or revoked, then 429 when it calls too often, then 403 when it lacks the
operation's scope. A revoked key stops working within 60 seconds.`;

/** The largest request that is accepted, and the way its text is read. */
export const LIMITS_TEXT = `## Limits

| part of a request | at most |
| --- | --- |
| body | ${LIMITS.addJobsBodyKib / 1024} MiB in addJobs, ${LIMITS.completeJobBodyKib} KiB in completeJob, ${LIMITS.uploadMib} MiB in uploadDocuments and putDocument, ${LIMITS.bodyKib} KiB elsewhere; ${LIMITS.jsonDepth} levels of JSON |
| metadata | ${n(LIMITS.metadataCharacters)} characters as JSON, ${LIMITS.objectDepth} levels; extracted data ${n(LIMITS.extractedDataCharacters)} characters |
| strings, tags, recipients | as each schema says; lengths count code points, not bytes |
| jobs | ${n(LIMITS.jobsPerAdd)} in a call, ${n(LIMITS.jobsPerGroup)} in a group |
| list | ${LIMITS.rowsPerPage.max} groups on a page |
| filter | ${n(LIMITS.filter.characters)} characters, ${LIMITS.filter.comparisons} comparisons, ${LIMITS.filter.ofMetadata} of them of metadata, ${LIMITS.filter.values} values of ${LIMITS.filter.string} characters, ${LIMITS.filter.depth} levels |
| search | ${LIMITS.search} characters |
| faults named in an answer | the first ${n(LIMITS.errorsNamed)} |
| calls | 10,000 in 10 seconds for each key and location of the network; beyond that 429 with \`Retry-After\` |
| calls of a workspace | 20,000 in 10 seconds for all its keys together, where a dear call counts for several: its \`x-call-weight\` |

## Text

Text is answered exactly as it was sent. Refused are a body that is not UTF-8, NUL characters, half surrogate pairs, and
the keys \`__proto__\`, \`constructor\` and \`prototype\`. If a JSON object has a key twice, the last one counts. Numbers in a
query are plain decimal digits. Query parameters that are unknown, empty or repeated are refused by name.

## Numbers

A number in \`metadata\` or \`extractedData\` is answered as the same number, or it is refused. Numbers are kept as doubles: 0.1,
6.4e16 and every number of up to 15 digits are kept. 12345678901234567890 would be answered as 12345678901234567000, so it
is refused by name. Send such numbers as strings.`;
