import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { expect, inject, test } from "vitest";
import { readOneInvoice } from "../client/example.ts";

test("the typed client's example ends with a completed group", async () => {
  const { ROOT_API_KEY = "" } = parseEnv(readFileSync(".dev.vars.development", "utf8"));
  const group = await readOneInvoice(inject("url"), ROOT_API_KEY);
  expect(group).toMatchObject({ status: "completed", totalJobs: 1, completedJobs: 1 });
});
