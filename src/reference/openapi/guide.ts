import { LIMITS } from "../../domain/limits.ts";
import { CREDENTIAL, LIMITS_TEXT } from "./notes.ts";

/** The text before the first operation, in Markdown. The reference viewer draws no Mermaid, so diagrams are text. */
export const GUIDE = `\
A **job group** is a batch of invoice documents that are to be read by OCR. You create a group, add one job for each
document, and release it. Processors claim jobs and report results until nothing is pending. This API does not read
documents itself. It stores those that you upload; of others a job has a name and, if you like, a URL.

The counters of a group always add up, and they always equal the states of its jobs:

\`\`\`text
totalJobs = pendingJobs
          + completedJobs
          + failedJobs
          + cancelledJobs
\`\`\`

## Getting started

1. **Create** a group with a \`name\` and an OCR \`template\` (createJobGroup).
2. **Add** its documents: upload files, up to ${LIMITS.documentsPerUpload} a call (uploadDocuments), or name documents that are elsewhere, up to 1,000 a call
   (addJobs).
3. **Release** it to the processors (processJobGroup).
4. **Claim** jobs (claimJobs, or claimAnyJobs over all groups), read them, and **report** each under its lease:
   completeJob, failJob or releaseJob.
5. **Watch** the counters (getJobGroup).
6. **Take** the results, as NDJSON or CSV (exportResults).

A successful answer is \`{"success": true, "data": …}\`. Times are RFC 3339 in UTC. A field without a value is left out.

## States

The status of a group:

\`\`\`text
created
   |  processJobGroup
   v
queued <-----------------------+
   |  first claim              |
   v                           |
processing                     |
   |  nothing pending          |
   +-- a job completed         |
   |     --> completed         |
   |           addJobs, retry -+
   +-- no job completed        |
         --> failed            |
               addJobs, retry -+
\`\`\`

cancelJobGroup turns \`created\`, \`queued\` and \`processing\` into \`cancelled\`, for good. With \`jobIds\` it cancels
only these jobs, and the group goes on with the others.

An ended group tells its \`outcome\`: \`succeeded\` when all jobs completed, \`partial\` when only some did, \`failed\` or
\`cancelled\`.

retryJobGroup runs failed jobs again, all of them or those with some ids or error codes, and completed ones on request. With
\`dryRun\` it only counts them. listJobErrors counts the failed jobs by code.

pauseJobGroup stops the claims of a group, resumeJobGroup lets them go on. A pause changes no status and no counter, and
running leases may report. With \`processingSettings.maxFailureRate\` a group pauses by itself when too many of its last 50
jobs failed, with \`maxCost\` when its cost reaches the amount. The webhook event \`job_group.paused\` tells of every pause.

The status of a job:

\`\`\`text
queued <-----------------------+
   |  claim                    |
   v                           |
processing                     |
   +-- completeJob             |
   |     --> completed         |
   +-- releaseJob -------------+
   +-- failJob or time-out,    |
       or silence              |
         attempts left --------+
         none left             |
           --> failed          |
                 retry --------+
\`\`\`

A job in \`queued\` or \`processing\` becomes \`cancelled\` with its group.

## Results

exportResults streams the jobs of a group, one a line, as NDJSON or CSV, also while the group runs. In CSV each JSON pointer of
\`fields\` is a column. An export that ends properly is whole. If the connection breaks off, go on after the last
whole line:

\`\`\`sh
curl -H "api-key: $API_KEY" "$API/$GROUP/results?format=csv&fields=/invoiceNumber,/total" > results.csv
LAST=$(tail -n 1 results.csv | cut -c 1-24)
curl -H "api-key: $API_KEY" "$API/$GROUP/results?format=csv&fields=/invoiceNumber,/total&after=$LAST" >> results.csv
\`\`\`

findJobs finds a job by your \`jobNumber\` in all groups of the workspace.

## Choosing work

claimAnyJobs goes by priority, then by the age of the group. A processor that is made for some templates sends \`templates\`, one
that serves some clients sends \`tags\`: it is leased only jobs of groups with one of these templates and one of these tags.
The first claim with new \`templates\` or \`tags\` reads all open groups once; later ones read no more than a claim without. A
workspace keeps the 50 combinations that were asked for last.

## Waiting for work

A claim that finds nothing is answered at once, with the \`reason\`. With \`waitSeconds\` of 1 to 25 it is held back until a job
can be claimed, so an idle processor does not poll:

- claimJobs is woken by the change that makes work claimable: an added job, a released group, a report that makes room, a
  back-off that ends. Waiters are served in the order of their arrival. Of 1,000 on one group a further one is answered at once.
- claimAnyJobs looks at the groups about once a second.
- When the time is over the answer is the usual empty one: claim again. A group that has ended, or ends meanwhile, is
  answered at once as \`finished\`.

A first look that leases jobs, or is refused, is answered as without \`waitSeconds\`. Otherwise status 200 and headers come at
once, then a line break each second, and the JSON at the end: white space before it means nothing to a JSON parser. What
cannot be answered any more, as when the group is deleted meanwhile, breaks the answer off: the next claim is told why.

Let your client wait for some seconds longer than \`waitSeconds\`. To stop a processor, break off its request: a caller who hangs up
is leased nothing, or the lease is given back at once, as if it had not been granted. That holds for a program that is
killed, too. Only a lease whose answer is on its way to a connection that breaks in that moment, or whose end a proxy has not
passed on yet, is held until it times out; under an \`Idempotency-Key\` a repeat is answered that same lease. The wait is no part of the request: a repeat may wait for
another time, or not at all. One that does not wait, and finds nothing, ends the wait of the first, so a program that stops
can be sure that it leaves no claim behind.

## Documents

uploadDocuments takes files as a form: parts named \`file\`, and perhaps one named \`jobs\` with their job numbers and metadata.
Each file becomes a job. Its bytes tell its type: a PNG named \`.pdf\` is a PNG. Names are kept as they are sent, without folders.
putDocument gives one to a job that was added without.

The lease of a stored document has a \`documentUrl\`. Fetch it without a key, as often as you like, until the attempt ends, and
compare the bytes with \`documentSha256\`. Where the server has no secret for such URLs the lease has none: call getDocument
with your key. The answer tells browsers to save the file and to run nothing in it.

A document is never replaced. It is deleted with its job or its group.

## When a document cannot be read

- **Not now**: your OCR service answers 429 or is down. Call releaseJob with \`retryAfterSeconds\` and a \`reason\`. No attempt is
  counted, and claims pass the job over until then. The job counts its \`deferrals\`; every ${LIMITS.deferralsPerAttempt}th fails the attempt
  with the code \`deferred_too_often\`, so no job is deferred for ever.
- **Not this time**: the reading failed, and another attempt may succeed. Call failJob with an \`errorCode\` that your program
  can sort by. \`retryAfterSeconds\` replaces the back-off.
- **Never**: call failJob with \`retryable: false\`.

A failed reading may cost money: failJob takes \`pages\`, \`cost\` and \`currency\`, too. The \`cost\` of a job is the sum over its
attempts, and \`statistics.totalCost\` the sum over all jobs. Each report counts once. A cost reported under a lost lease is
refused with the report and does not count. A retry or a cancellation takes no cost back; only deleteJob does. \`totalPages\`
and \`averageProcessingTime\` are those of completed jobs.

getJob shows how each attempt ended as \`history\`, with its worker, times, code and cost. A time-out has the code \`timeout\`,
a failure without a code \`unspecified\`.

## Heartbeats

A lease ends with its attempt, \`timeoutMinutes\` after the claim. A processor that dies is then noticed late, and holds
one of the group's \`parallelJobs\` meanwhile. A claim with \`heartbeatSeconds\` sets a second clock: the lease also ends
after so long a silence. The heartbeat operation winds it, for up to ${LIMITS.leasesPerHeartbeat} leases of any groups in one call:

\`\`\`text
lease ends = the earlier of
  claim     + timeoutMinutes
  last beat + heartbeatSeconds
\`\`\`

The claim is the first beat. A beat moves no end back, and none past the end of the attempt. A silence is a time-out: the
attempt is counted, and the history says \`timed_out\`. But the job may be claimed again at once, because the processor is at
fault and not the document. A lease that is answered \`LEASE_LOST\` is over, by a time-out, a report or a cancellation: stop the
work. The lease that \`claimNext\` grants has the \`heartbeatSeconds\` of the lease before it.

This loop beats three times in each silence that is allowed, so that one call may be lost:

\`\`\`js
function keepAlive(url, headers, lease, stop) {
  const { groupId, jobId, leaseId, heartbeatSeconds } = lease;
  const body = JSON.stringify({ leases: [{ groupId, jobId, leaseId }] });
  const timer = setInterval(async () => {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(url, { method: "POST", headers, body, signal }).catch(() => undefined);
    if (!answer?.ok) return;
    const [{ code }] = (await answer.json()).data;
    if (code !== "LEASE_LOST") return;
    clearInterval(timer);
    stop();
  }, (heartbeatSeconds * 1000) / 3);
  return () => clearInterval(timer);
}
\`\`\`

## Authentication

Send your key as \`api-key: <key>\` or \`Authorization: Bearer <key>\`. ${CREDENTIAL}

## Errors

Every failed answer is \`application/problem+json\` (RFC 9457). It has \`"success": false\`, a \`code\` for your program, a
sentence in \`error\` for people, and every fault of the request in \`errors\`. A refused request has changed nothing.
[/problems](/problems) lists the codes and what to do about each. Quote the \`x-request-id\` when you report a problem.

## Idempotency

Some operations take an \`Idempotency-Key\`. A repeat under the same key within 24 hours gets the first answer again, with
\`idempotent-replayed: true\`. The same key with another request is refused with \`IDEMPOTENCY_KEY_REUSED\`. An answer that
changed nothing, such as an empty claim or a refusal, is not stored: its repeat is decided again.

Reports need no key. A repeat under the same lease is answered \`duplicate\` and changes nothing. So after a time-out, send the
same request again.

## Concurrent edits

A group has a strong \`ETag\`. Send it as \`If-Match\` to replace or delete the group only if it is as you read it; otherwise
the answer is 412. Send it as \`If-None-Match\` when you read, and the answer is 304 while nothing has changed.

## Paging

Lists take \`limit\` and \`offset\`, and answer the \`total\` over all pages. A list that answers a \`nextCursor\` takes it as
\`cursor\`, at the same cost on every page. A list of groups with \`totalCapped: true\` has at least \`total\` groups: they were
counted up to a bound. A list that would have to look at too many groups is refused with \`LIST_TOO_BROAD\`.

## Rate limits and retries

An answer with 429 or 503 has the header \`Retry-After\`. Wait that many seconds, then send the same request again. Double
the wait after each further refusal. This loop makes its key once, so that every repeat is the same request:

\`\`\`js
async function insist(url, init, key = crypto.randomUUID()) {
  const headers = { ...init.headers, "Idempotency-Key": key };
  for (let seconds = 1; seconds <= 64; seconds *= 2) {
    const answer = await fetch(url, { ...init, headers }).catch(() => undefined);
    if (answer !== undefined && answer.status !== 429 && answer.status < 500) return answer;
    const wait = Math.max(seconds, Number(answer?.headers.get("Retry-After") ?? 0));
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
  throw new Error("There is no answer from " + url);
}
\`\`\`

A processor that stores its key before it claims gets its leases back after a crash: claimed again under that key, it is
answered the same leases. For its next claim it makes and stores a new key.

## Reading your own writes

Answers carry \`x-d1-bookmark\`. Send it with a later read, and the nearest replica answers with at least what the earlier answer
knew. Without it the primary answers.

${LIMITS_TEXT}

## Versioning and deprecation

The \`version\` of this document follows semantic versioning. A minor version may add operations, optional request fields,
answer fields, codes and statuses, so ignore what you do not know. Within a major version nothing is removed and nothing
changes its meaning. Anything to be removed is first marked \`deprecated\` here. For at least six months its answers have the headers
\`Deprecation\` and \`Sunset\`.
`;
