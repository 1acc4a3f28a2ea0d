import { createApp } from "./app.ts";
import { watch } from "./coordinator/watchdog.ts";

export { GroupCoordinator } from "./coordinator/group-coordinator.ts";

export default {
  fetch: createApp().fetch,
  /** Runs at the times of `[triggers]` in `wrangler.toml`. */
  scheduled: (_, env) => watch(env, Date.now()),
} satisfies ExportedHandler<Env>;
