import type { NewJob } from "../data/types.ts";

const MOST_A_CALL = 1_000;

/** One document a line: an address from which processors fetch it, or just its name. */
export function documentsIn(text: string): NewJob[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => (/^https?:\/\//i.test(line) ? fromUrl(line) : { documentName: line }));
}

function fromUrl(documentUrl: string): NewJob {
  const path = URL.canParse(documentUrl) ? new URL(documentUrl).pathname : "";
  const last = path.split("/").findLast((part) => part !== "") ?? documentUrl;
  return { documentName: decoded(last), documentUrl };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As many as one request may add, and so on. */
export const inCalls = (jobs: readonly NewJob[]): NewJob[][] =>
  Array.from({ length: Math.ceil(jobs.length / MOST_A_CALL) }, (_, call) =>
    jobs.slice(call * MOST_A_CALL, (call + 1) * MOST_A_CALL),
  );
