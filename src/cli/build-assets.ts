/** Fills `dist/assets`, whose files the Worker serves unchanged: our pages' files, the reference viewer, the dashboard. */
import { cpSync, writeFileSync } from "node:fs";
import fastifyApiReference from "@scalar/fastify-api-reference";
import { build } from "esbuild";

cpSync("src/reference/pages/assets", "dist/assets", { recursive: true });
writeFileSync("dist/assets/scalar.js", referenceViewer());
await build({
  entryPoints: { main: "src/dashboard/main.tsx", style: "src/dashboard/styles/index.css" },
  outdir: "dist/assets/dashboard",
  tsconfig: "src/dashboard/tsconfig.app.json",
  conditions: ["source"],
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome123", "firefox121", "safari17.5"],
  logLevel: "warning",
});

/**
 * The reference viewer, in one script. This plugin of a web server holds it, and would serve it under a route;
 * `@scalar/api-reference` holds it too, but brings 250 MB of other packages.
 */
function referenceViewer(): string {
  const scripts: string[] = [];
  const reply: Reply = { header: () => reply, send: (content: string) => scripts.push(content) };
  const route = ({ url, handler }: Route) => {
    if (url.endsWith("/scalar.js")) handler({}, reply);
  };
  // Its types need those of the web server, which is not installed.
  const register: (server: { route: typeof route }, options: object, done: () => void) => void =
    fastifyApiReference;
  register({ route }, { configuration: { url: "/openapi.json" } }, () => undefined);
  const [script] = scripts;
  if (script === undefined) throw new Error("The plugin no longer serves scalar.js.");
  return script;
}

interface Reply {
  readonly header: () => Reply;
  readonly send: (content: string) => void;
}

interface Route {
  readonly url: string;
  readonly handler: (request: object, reply: Reply) => void;
}
