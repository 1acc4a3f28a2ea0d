import { CREDENTIAL } from "./notes.ts";
import { GUIDE } from "./guide.ts";

export const SECURITY_SCHEMES = {
  apiKey: { type: "apiKey", in: "header", name: "api-key", description: CREDENTIAL },
  bearer: { type: "http", scheme: "bearer", description: CREDENTIAL },
} as const;

export const INFO = {
  openapi: "3.1.0",
  info: {
    title: "OCR invoice job groups",
    version: "0.1.0",
    summary:
      "Batches of invoices to be read by OCR, with counters that are exact at every instant.",
    description: GUIDE,
    contact: { name: "API operator" },
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: "/", description: "The server that answered this document." }],
  security: [{ apiKey: [] }, { bearer: [] }],
  tags: [
    {
      name: "Job groups",
      description:
        "A group is one batch of documents: its settings, its status and its counters. It is `created` " +
        "empty, `queued` once released, `processing` from the first claim, and ends `completed`, " +
        "`failed` (no job completed) or `cancelled`. Adding jobs or retrying reopens a finished group.",
    },
    {
      name: "Jobs",
      description:
        "A job is one document of a group. It is `queued`, `processing` while leased, and ends " +
        "`completed`, `failed` or `cancelled`.",
    },
    {
      name: "Processing",
      description:
        "What OCR processors call: claim jobs, read them, and report under the lease before it runs out.",
    },
    {
      name: "API keys",
      description: "Who may call, in which workspace, and what for.",
    },
    {
      name: "Notifications",
      description:
        "What was told to whom of a group. A notice is stored with the change it announces, sent at " +
        "once, and after a failure again after 30 seconds, 5 and 30 minutes, 2, 6 and 16 hours; then " +
        "it is dead, and can be sent again by hand. It is delivered at least once.",
    },
    {
      name: "Webhooks",
      description:
        "Calls to your server when a group ends, is cancelled, or a job fails for good, signed as " +
        "Standard Webhooks has it. Any 2xx answer within 15 seconds takes a message; redirects are not " +
        "followed, and 410 disables the webhook. A repeat has the same `webhook-id`.",
    },
  ],
};
