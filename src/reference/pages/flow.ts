import { html } from "hono/html";
import { LIMITS } from "../../domain/limits.ts";
import { thousands } from "../../lib/thousands.ts";

/** Shares of the bar, in percent: completed, failed, processing; the rest waits. */
type Bar = readonly [number, number, number];

const STEPS: readonly (readonly [string, string, Bar])[] = [
  ["You add documents", `to a group, up to ${thousands(LIMITS.jobsPerGroup)} of them.`, [0, 0, 0]],
  ["Processors claim", "each document under a lease that runs out.", [0, 0, 22]],
  ["They report", "fields, pages and cost, or why it failed.", [56, 8, 16]],
  ["You are told", "by e-mail or webhook, and see it live.", [92, 8, 0]],
];

/** The way of a batch in four pictures of its bar. */
export const flow = () =>
  html`<ol class="flow">
    ${STEPS.map(
      ([title, text, bar]) =>
        html`<li>
          ${picture(bar)}
          <strong>${title}</strong>
          <p>${text}</p>
        </li>`,
    )}
  </ol>`;

const picture = ([completed, failed, processing]: Bar) =>
  html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="waiting" width="100" height="10" />
    <rect class="processing" x="${completed + failed}" width="${processing}" height="10" />
    <rect class="failed" x="${completed}" width="${failed}" height="10" />
    <rect class="completed" width="${completed}" height="10" />
  </svg>`;
