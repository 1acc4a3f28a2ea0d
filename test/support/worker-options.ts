import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";

/** The Worker as wrangler.toml describes it, for Miniflare. */
export function workerOptions() {
  const config = unstable_readConfig({ config: "wrangler.toml" });
  const { main, workerOptions } = unstable_getMiniflareWorkerOptions(config);
  // Wrangler has added the variables of a developer's `.dev.vars`. Tests must not depend on them. workerd knows no
  // jurisdictions, so that of a deployment is left out, and so is the access log, which would drown their output.
  const bindings = { ...config.vars, JURISDICTION: "", ACCESS_LOG: "" };
  return { main, worker: Object.assign(workerOptions, { bindings }) };
}
