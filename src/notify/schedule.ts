/** Half a minute, 5 and 30 minutes, 2, 6 and 16 hours: seven attempts in 24 and a half hours. */
const RETRY_SECONDS = [30, 300, 1_800, 7_200, 21_600, 57_600];

/** How long to wait after each failed attempt but the last; NOTICE_RETRY_SECONDS in the configuration replaces it. */
export function retryDelaysMs(env: Env): number[] {
  const configured: string | undefined = env.NOTICE_RETRY_SECONDS;
  const seconds = (configured ?? "").split(",").filter(Boolean).map(Number);
  const valid = seconds.length > 0 && seconds.every((value) => value > 0);
  return (valid ? seconds : RETRY_SECONDS).map((value) => value * 1000);
}
