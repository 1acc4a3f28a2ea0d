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
    summary: "Manages batches of invoices for OCR, with counters that are exact at every instant.",
    description: GUIDE,
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: "/", description: "The server that answered this document." }],
  security: [{ apiKey: [] }, { bearer: [] }],
  tags: [
    {
      name: "Job groups",
      description:
        "A group is one batch of documents, with its settings, its status and its counters. It is `created` " +
        "empty, `queued` once it is released, and `processing` from the first claim. It ends as `completed`, " +
        "as `failed` when no job completed, or as `cancelled`. New jobs or a retry reopen a completed or " +
        "failed group.",
    },
    {
      name: "Jobs",
      description:
        "A job is one document of a group. It is `queued`, then `processing` while a processor holds its " +
        "lease, and ends as `completed`, `failed` or `cancelled`.",
    },
    {
      name: "Documents",
      description:
        "The bytes of a job's document, where they are stored here and not at a URL of yours. They are deleted with their " +
        "job or group. Without a bucket these operations answer 501.",
    },
    {
      name: "Processing",
      description:
        "These operations are for OCR processors. Claim jobs, read their documents, and report each one " +
        "before its lease runs out.",
    },
    {
      name: "Metrics",
      description: "Figures of the workspace for monitoring, in the format of Prometheus.",
    },
    {
      name: "API keys",
      description:
        "A key belongs to one workspace and has scopes, which say what it may call, and perhaps an expiry.",
    },
    {
      name: "Notifications",
      description:
        "A notification is a message about a group, by e-mail or webhook. It is stored with the change that " +
        "it announces and sent at once. After a failure it is sent again after 30 seconds, 5 and 30 minutes, " +
        "2, 6 and 16 hours. Then it is dead, and can be sent again by hand. It is delivered at least once.",
    },
    {
      name: "Webhooks",
      description:
        "Webhooks call your server when a group ends, is cancelled or is paused, and when a job fails for good. " +
        "Messages are signed by the rules of Standard Webhooks. Any 2xx answer within 15 seconds accepts a message. " +
        "Redirects are not followed, and 410 disables the webhook. A repeated message has the same `webhook-id`.",
    },
    {
      name: "Health",
      description: "Whether the API can work, for monitors and load balancers. No key is needed.",
    },
  ],
};
