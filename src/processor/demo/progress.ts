const WIDTH = 30;

export interface Counters {
  totalJobs: number;
  completedJobs: number;
  failedJobs: number;
  processingJobs: number;
  estimatedCompletionTime?: string | undefined;
}

/** One line: a bar, the counters, the rate, and the time that the API expects to be left. */
export function progressLine(group: Counters, seconds: number, now = Date.now()): string {
  const { totalJobs, completedJobs, failedJobs, processingJobs, estimatedCompletionTime } = group;
  const done = completedJobs + failedJobs;
  const filled = totalJobs === 0 ? 0 : Math.round((done / totalJobs) * WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
  const rate =
    done === 0 || seconds === 0 ? "" : `, ${((done / seconds) * 60).toFixed(0)} a minute`;
  const left =
    estimatedCompletionTime === undefined || done === totalJobs
      ? ""
      : `, about ${Math.max(0, Math.round((Date.parse(estimatedCompletionTime) - now) / 1000))} s left`;
  return `${bar} ${done}/${totalJobs}: ${completedJobs} completed, ${failedJobs} failed, ${processingJobs} being read${rate}${left}`;
}

/** Draws the line in place on a terminal; elsewhere only each new `step` is written. */
export function drawProgress(line: string, step: string, out: NodeJS.WriteStream = process.stdout) {
  if (out.isTTY) out.write(`\r\u001b[2K${line.slice(0, (out.columns || 120) - 1)}`);
  else if (step !== drawn) out.write(`${line}\n`);
  drawn = step;
}

let drawn = "";
