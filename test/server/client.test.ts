import { expect, inject, test } from "vitest";
import { readOneInvoice } from "../client/example.ts";
import { DEVELOPMENT_KEY } from "../support/dev-server.ts";

test("the typed client's example ends with a completed group", async () => {
  const group = await readOneInvoice(inject("url"), DEVELOPMENT_KEY);
  expect(group).toMatchObject({ status: "completed", totalJobs: 1, completedJobs: 1 });
});
