import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { OUT_OF_MEMORY } from "./messages.ts";

/** WebAssembly fills a gigabyte in half a second. */
const EVERY_MS = 50;
const STANDARD_ERROR = 2;

const mostBytes = workerData as Float64Array;

/** A thread of its own, because the thread that reads is busy. It ends the whole process. */
setInterval(() => {
  if (process.memoryUsage.rss() <= (mostBytes[0] ?? Infinity)) return;
  writeSync(STANDARD_ERROR, `${OUT_OF_MEMORY}\n`);
  process.kill(process.pid, "SIGKILL");
}, EVERY_MS);
