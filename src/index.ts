import { createApp } from "./app.ts";
import { moveWorkspaces } from "./coordinator/move-workspaces.ts";
import { forget } from "./coordinator/retention.ts";
import { watch } from "./coordinator/watchdog.ts";
import { tidy } from "./documents/sweep.ts";

export { GroupCoordinator } from "./coordinator/group-coordinator.ts";

export default {
  fetch: createApp().fetch,
  /** Runs at the times of `[triggers]` in `wrangler.toml`. */
  async scheduled({ scheduledTime }, env) {
    const now = Date.now();
    await Promise.all([
      watch(env, now),
      forget(env, now),
      tidy(env, scheduledTime),
      moveWorkspaces(env),
    ]);
  },
} satisfies ExportedHandler<Env>;
