/**
 * `npm run processor -- --url http://localhost:8787 --key KEY`: reads invoices with the reference reader until it is
 * interrupted. `--concurrency 2` reads so many at once; `--template`, `--tag` (each may be given again) and `--group`
 * choose what is claimed; `--worker` is the name that jobs show. `--engine ./my-engine.ts` reads pictures with an
 * engine of your own (src/docs/reader.md). Without `--key` the variable OCR_API_KEY holds it.
 */
import { resolve } from "node:path";
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
    engine: { type: "string" },
  },
});
const { url, key: apiKey, template: templates, tag: tags, group: groupId, worker } = values;
// The processes that read inherit it.
if (values.engine !== undefined) process.env["OCR_ENGINE"] = resolve(values.engine);

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
