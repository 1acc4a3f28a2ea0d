import { CREDENTIAL, LIMITS } from "./notes.ts";

/** The pages before the first operation. Markdown. */
export const GUIDE = `\
A **job group** is a batch of invoice documents to be read by OCR. You create a group, add one job per
document, and release it. Processors claim jobs and report results until nothing is pending. The counters of
a group always add up, and always equal the states of its jobs:

    totalJobs = pendingJobs + completedJobs
              + failedJobs + cancelledJobs

## Getting started

1. **Create** a group with a \`name\` and an OCR \`template\` (createJobGroup).
2. **Add** its documents, up to 1,000 a call (addJobs).
3. **Release** it to the processors (processJobGroup).
4. **Claim** jobs (claimJobs, or claimAnyJobs over all groups), read them, and **report** each under its
   lease: completeJob, failJob or releaseJob.
5. **Watch** the counters (getJobGroup).

Success is \`{"success": true, "data": …}\`. Times are RFC 3339 in UTC. A field without a value is left out.

## Authentication

Send your key as \`api-key: <key>\` or \`Authorization: Bearer <key>\`. ${CREDENTIAL}

## Errors

Every failure is \`application/problem+json\` (RFC 9457) with \`"success": false\`, a \`code\` to branch on, a
sentence in \`error\`, and every fault of the request in \`errors\`. A refused request has changed nothing.
The codes and what to do about each: [/problems](/problems). Quote \`x-request-id\` when you report one.

## Idempotency

Operations that take an \`Idempotency-Key\` answer a repeat within 24 hours with what they answered first, and
\`idempotent-replayed: true\`. The same key with another request is refused with \`IDEMPOTENCY_KEY_REUSED\`.
What changed nothing, such as an empty claim or a refusal, is not remembered: its repeat is decided anew.
Reports need no key: under the same lease a repeat answers \`duplicate\` and moves nothing. So after a time-out,
send the same request again.

## Concurrent edits

A group has a strong \`ETag\`. Send it as \`If-Match\` to replace or delete only what you have read (412 when it
has changed), or as \`If-None-Match\` to be answered 304 while nothing has.

## Paging

Lists take \`limit\` and \`offset\`, and answer \`total\` over all pages. A list that answers \`nextCursor\` takes it as
\`cursor\`: that costs the same on every page.

## Rate limits and retries

A 429 and a 503 carry \`Retry-After\`: wait that many seconds, then send the same request again, and double the pause
each time it is refused anew.

## Reading your own writes

Answers carry \`x-d1-bookmark\`. Sent with a later read it lets the nearest replica answer, with everything that the
earlier answer knew; without it the primary answers.

${LIMITS}

## Versioning and deprecation

This document's \`version\` follows semantic versioning. New operations, optional request fields, answer fields,
codes and statuses may come with a minor version: ignore what you do not know. Nothing is removed or changes its
meaning within a major version. What will go is first marked \`deprecated\` here, and answers with the headers
\`Deprecation\` and \`Sunset\` for at least six months.
`;
