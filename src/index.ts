import { createApp } from "./app.ts";
import { forget } from "./coordinator/retention.ts";
import { watch } from "./coordinator/watchdog.ts";

export { GroupCoordinator } from "./coordinator/group-coordinator.ts";

export default {
  fetch: createApp().fetch,
  /** Runs at the times of `[triggers]` in `wrangler.toml`. */
  async scheduled(_, env) {
    const now = Date.now();
    await Promise.all([watch(env, now), forget(env, now)]);
  },
} satisfies ExportedHandler<Env>;
