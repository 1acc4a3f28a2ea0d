import { hostname } from "node:os";
import type { ProcessorOptions } from "./types.ts";

export type Settings = ReturnType<typeof settingsOf>;

/** Every option with its default. Throws when one cannot work, so that a mistake shows before the first claim. */
export function settingsOf(options: ProcessorOptions) {
  const { url, apiKey, read, templates, tags, groupId } = options;
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new TypeError(`url must be an http(s) URL, not ${url}`);
  if (!apiKey) throw new TypeError("apiKey must not be empty");
  if (typeof read !== "function") throw new TypeError("read must be a function");
  if (groupId !== undefined && (templates ?? tags))
    throw new TypeError("groupId leaves nothing to choose by templates or tags");
  return {
    url: url.replace(/\/+$/, ""),
    apiKey,
    read,
    groupId,
    filter: { ...(templates && { templates }), ...(tags && { tags }) },
    workerId: options.workerId ?? `${hostname()}-${process.pid}`.slice(-200),
    concurrency: within("concurrency", options.concurrency ?? 1, 1, 100),
    heartbeatSeconds: within("heartbeatSeconds", options.heartbeatSeconds ?? 60, 15, 600),
    waitSeconds: within("waitSeconds", options.waitSeconds ?? 20, 0, 25),
    readTimeoutSeconds: within("readTimeoutSeconds", options.readTimeoutSeconds ?? 240, 1, 7200),
    handleSignals: options.handleSignals ?? true,
  };
}

function within(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}
