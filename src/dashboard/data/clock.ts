import { signal } from "@preact/signals";

/** The time, to the second, while the tab is in the foreground. */
export const now = signal(Date.now());

export function startClock(): void {
  let timer = 0;
  const run = () => {
    clearInterval(timer);
    if (document.hidden) return;
    now.value = Date.now();
    timer = setInterval(() => (now.value = Date.now()), 1_000);
  };
  document.addEventListener("visibilitychange", run);
  run();
}
