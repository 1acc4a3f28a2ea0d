import type { App } from "./app-types.ts";
import { CREDENTIAL, LIMITS } from "./spec-notes.ts";

const INFO = {
  openapi: "3.1.0",
  info: {
    title: "OCR invoice job groups",
    version: "0.1.0",
    description:
      "Groups of invoice documents to be read by OCR. Create a group, add jobs, release it; processors " +
      "claim jobs and report results. The counters of a group are exact at every instant.\n\n" +
      LIMITS,
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: "/", description: "This server." }],
  security: [{ apiKey: [] }, { bearer: [] }],
  tags: [
    { name: "Job groups", description: "Batches of documents: settings, status, counters." },
    { name: "Jobs", description: "The documents of a group." },
    { name: "Processing", description: "What OCR processors call: claim, then report." },
    { name: "API keys", description: "Who may call, in which workspace, and what for." },
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

/** The API's description, built from its routes on first use and kept. */
export function serveOpenApi(app: App): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "apiKey",
    in: "header",
    name: "api-key",
    description: CREDENTIAL,
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: CREDENTIAL,
  });
  let document: string | undefined;
  app.get("/openapi.json", (c) => {
    document ??= JSON.stringify(app.getOpenAPI31Document(INFO, { unionPreferredType: "oneOf" }));
    return c.body(document, 200, { "Content-Type": "application/json" });
  });
}
