interface Step {
  readonly title: string;
  readonly code: string;
}

const field = (name: string) => `sed 's/.*"${name}":"\\([^"]*\\)".*/\\1/'`;

/** One document's way through the API, as commands for a shell with curl. */
export const walkThrough = (origin: string): readonly Step[] => [
  {
    title: "Say where the API is, and who you are",
    code: `API=${origin}/ocr-invoice-job-group
KEY="api-key: YOUR-KEY"
get() { curl -s "$API$1" -H "$KEY"; }
post() { curl -s "$API$1" -H "$KEY" -H "Content-Type: application/json" -d "$2"; }`,
  },
  {
    title: "Create a group",
    code: `GROUP=$(post "" '{"name":"January invoices","template":"invoice-standard"}' |
  ${field("_id")})`,
  },
  {
    title: "Add its documents, and release it to the processors",
    code: `post "/$GROUP/jobs" '{"jobs":[{"documentName":"a.pdf"},{"documentName":"b.pdf"}]}'
post "/$GROUP/process" ""`,
  },
  {
    title: "Be a processor: claim a document, and report what you have read",
    code: `CLAIM=$(post "/$GROUP/jobs/claim" '{"workerId":"me","maxJobs":1}')
JOB=$(echo "$CLAIM" | ${field("jobId")})
LEASE=$(echo "$CLAIM" | ${field("leaseId")})
post "/$GROUP/jobs/$JOB/complete" \\
  '{"leaseId":"'$LEASE'","pages":2,"cost":0.015,"extractedData":{"total":119}}'`,
  },
  {
    title: "See the counters",
    code: 'get "/$GROUP"',
  },
];
