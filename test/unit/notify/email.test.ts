import * as fc from "fast-check";
import { expect, test } from "vitest";
import { composeEmail } from "../../../src/notify/email.ts";
import { payloadOf } from "../../../src/notify/payload.ts";
import { Desk } from "../domain/desk.ts";
import { complete, fail, MINUTE } from "../domain/helpers.ts";

/** The notices that may be e-mailed of a group that has run for an hour: one job failed, two were completed. */
function ended(settings = {}) {
  const desk = new Desk({ batchNumber: "B-7", parallelJobs: 3, timeoutMinutes: 120, ...settings });
  desk.add(3);
  desk.send({ kind: "open" });
  const [first, second, third] = desk.claim(3);
  desk.wait(61 * MINUTE);
  if (!first || !second || !third) throw new Error("three leases were asked for");
  desk.send(fail(first, false));
  desk.send(complete(second, { pages: 4, costMicros: 1_250_000, currency: "EUR" }));
  desk.send(complete(third, { pages: 1, costMicros: 10_000 }));
  return desk.state.notices.filter(({ event }) => event !== "job.completed").map(payloadOf);
}

const ERRORS = [{ documentName: "scan.pdf", error: "<b>unreadable</b>" }];
const BASE_URL = "https://api.example.com/";

test("an e-mail names the outcome, the counts, the cost and the first errors", async () => {
  const { subject, text } = await composeEmail(ended()[1] ?? none(), ERRORS, BASE_URL);
  expect(subject).toBe("March invoices (B-7): partly completed, 1 of 3 jobs failed");
  expect(text).toBe(`March invoices (B-7): partly completed, 1 of 3 jobs failed

Group: March invoices
Batch: B-7
Status: completed
Jobs: 3 in all, 2 completed, 1 failed
Pages: 5
Cost: 1.26 EUR
Duration: 1 h 1 min 0 s

First errors:
- scan.pdf: <b>unreadable</b>

In the API: https://api.example.com/ocr-invoice-job-group/aaaaaaaaaaaaaaaaaaaaaaaa
`);
});

test("an e-mail of the first failure says how many jobs are left", async () => {
  const { subject, text } = await composeEmail(ended()[0] ?? none(), ERRORS, BASE_URL);
  expect(subject).toBe("March invoices (B-7): a job has failed");
  expect(text).toContain("Jobs: 3 in all, 0 completed, 1 failed\nPending: 2\n");
});

test("a name or an error is one line of text in an e-mail, and never markup", async () => {
  const unit = fc.constantFrom("\r", "\n", "\u2028", "\0", ":", "<", ">", "&", '"', "a");
  const nasty = fc.string({ unit }).map((text) => `a${text}`);
  const compose = (name: string, batchNumber: string, error: string) => {
    const payload = ended({ name, batchNumber })[1] ?? none();
    return composeEmail(payload, [{ documentName: name, error }], BASE_URL);
  };
  const tagsOf = ({ html }: { html: string }) => html.match(/<[^>]*>/g);
  const harmless = await compose("a", "a", "a");
  await fc.assert(
    fc.asyncProperty(nasty, nasty, nasty, async (name, batchNumber, error) => {
      const email = await compose(name, batchNumber, error);
      expect(email.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(email.text.split(/[\r\n\u2028]/)).toHaveLength(harmless.text.split("\n").length);
      expect(tagsOf(email)).toEqual(tagsOf(harmless));
    }),
  );
});

function none(): never {
  throw new Error("nothing was announced");
}
