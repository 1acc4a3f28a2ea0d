import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

/**
 * The Worker that `buildWorker` has built into the folder, over what is stored there. It listens at the port, if any, and
 * workerd's inspector at the other.
 */
export function openWorker(folder: string, port?: number, inspectorPort?: number): Miniflare {
  const options = JSON.parse(readFileSync(join(folder, "options.json"), "utf8")) as {
    script: string;
  };
  return new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      cf: false,
      port: 0,
      ...(port !== undefined && { unsafeDirectSockets: [{ host: "127.0.0.1", port }] }),
      ...(inspectorPort !== undefined && { inspectorPort }),
      resourcePersistencePath: join(folder, "state"),
      logRequests: false,
      log: new Log(LogLevel.ERROR),
    }),
  );
}
