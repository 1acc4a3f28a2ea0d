import { html } from "hono/html";
import type { Payload } from "./payload.ts";

export interface Email {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface FirstError {
  readonly documentName: string;
  readonly error: string | null;
}

/** Says at a glance how the group stands. Names and errors become one line of text each. */
export async function composeEmail(
  payload: Payload,
  errors: readonly FirstError[],
  baseUrl: string,
): Promise<Email> {
  const { data } = payload;
  const name = oneLine(data.name) + (data.batchNumber ? ` (${oneLine(data.batchNumber)})` : "");
  const content: Content = {
    subject: `${name}: ${outcomeOf(payload)}`,
    facts: factsOf(payload),
    faults: errors.map(({ documentName, error }) =>
      oneLine(`${documentName}: ${error ?? "no reason given"}`),
    ),
    link: `${baseUrl.replace(/\/+$/, "")}/ocr-invoice-job-group/${data.groupId}`,
  };
  return { subject: content.subject, text: textOf(content), html: await htmlOf(content) };
}

interface Content {
  readonly subject: string;
  readonly facts: readonly Fact[];
  readonly faults: readonly string[];
  readonly link: string;
}
type Fact = readonly [label: string, value: string];

const textOf = ({ subject, facts, faults, link }: Content): string =>
  [
    subject,
    "",
    ...facts.map(([label, value]) => `${label}: ${value}`),
    ...(faults.length === 0 ? [] : ["", "First errors:", ...faults.map((fault) => `- ${fault}`)]),
    "",
    `In the API: ${link}`,
    "",
  ].join("\n");

async function htmlOf({ subject, facts, faults, link }: Content): Promise<string> {
  const rows = facts.map(
    ([label, value]) =>
      html`<tr>
        <th align="left">${label}</th>
        <td>${value}</td>
      </tr>`,
  );
  const list = html`<h2>First errors</h2>
    <ul>
      ${faults.map((fault) => html`<li>${fault}</li>`)}
    </ul>`;
  const page = await html`<!doctype html>
    <html lang="en">
      <body>
        <h1>${subject}</h1>
        <table>
          ${rows}
        </table>
        ${faults.length === 0 ? "" : list}
        <p>In the API: <a href="${link}">${link}</a></p>
      </body>
    </html>`;
  return String(page);
}

/** A line break in a subject would end the header. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();

const jobs = (count: number): string => (count === 1 ? "1 job" : `${count} jobs`);

function outcomeOf({ type, data }: Payload): string {
  if (type === "job.failed") return "a job has failed";
  if (type === "job_group.paused") return `paused, ${causeOf(data.pauseReason)}`;
  if (type === "job_group.failed") return `failed, none of ${jobs(data.totalJobs)} completed`;
  if (data.outcome === "succeeded") return `completed, ${jobs(data.completedJobs)}`;
  const missing = data.failedJobs + data.cancelledJobs;
  const fate = data.cancelledJobs === 0 ? "failed" : "failed or cancelled";
  return `partly completed, ${missing} of ${jobs(data.totalJobs)} ${fate}`;
}

/** Only a pause of the group's own is sent by e-mail. */
const causeOf = (reason: string | undefined): string =>
  reason === "max_cost" ? "its cost has reached maxCost" : "too many jobs have failed";

function factsOf({ data }: Payload): Fact[] {
  const { startedAt, completedAt } = data;
  const duration =
    startedAt && completedAt
      ? readable(Date.parse(completedAt) - Date.parse(startedAt))
      : undefined;
  const facts: [string, string | undefined][] = [
    ["Group", oneLine(data.name)],
    ["Batch", data.batchNumber && oneLine(data.batchNumber)],
    ["Status", data.status],
    [
      "Jobs",
      `${data.totalJobs} in all, ${data.completedJobs} completed, ${data.failedJobs} failed`,
    ],
    ["Pending", data.pendingJobs === 0 ? undefined : String(data.pendingJobs)],
    ["Pages", String(data.totalPages)],
    ["Cost", `${data.totalCost} ${data.currency}`],
    ["Duration", duration],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [[label, value]]));
}

function readable(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return [h > 0 && `${h} h`, (h > 0 || m > 0) && `${m} min`, `${s} s`].filter(Boolean).join(" ");
}
