/**
 * `npm run processor -- --url http://localhost:8787 --key KEY`: reads invoices with the reference reader until it is
 * interrupted. `--concurrency 2` reads so many at once; `--template`, `--tag` (each may be given again) and `--group`
 * choose what is claimed; `--worker` is the name that jobs show. Without `--key` the variable OCR_API_KEY holds it.
 */
import { parseArgs } from "node:util";
import { createProcessor, Refusal } from "./kit/index.ts";
import { logEvents } from "./log-events.ts";
import { closeReader, readInvoice } from "./reader/read-invoice.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://localhost:8787" },
    key: { type: "string", default: process.env["OCR_API_KEY"] ?? "" },
    concurrency: { type: "string", default: "1" },
    template: { type: "string", multiple: true },
    tag: { type: "string", multiple: true },
    group: { type: "string" },
    worker: { type: "string" },
  },
});
const { url, key: apiKey, template: templates, tag: tags, group: groupId, worker } = values;

try {
  const processor = createProcessor({
    url,
    apiKey,
    concurrency: Number(values.concurrency),
    read: (job, { signal }) => readInvoice(job.document, { signal }),
    ...(templates && { templates }),
    ...(tags && { tags }),
    ...(groupId !== undefined && { groupId }),
    ...(worker !== undefined && { workerId: worker }),
  });
  logEvents(processor, (line) => console.log(`${new Date().toISOString()} ${line}`));
  console.log(`reading invoices of ${url}; Ctrl-C gives back what is being read and ends`);
  await processor.run();
} catch (error) {
  if (!(error instanceof Refusal || error instanceof TypeError || error instanceof RangeError))
    throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  closeReader();
}
