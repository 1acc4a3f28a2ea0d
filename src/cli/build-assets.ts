/** Fills `dist/assets`, whose files the Worker serves unchanged: our pages' files, the reference viewer, the dashboard. */
import { copyFileSync, cpSync } from "node:fs";
import { build } from "esbuild";

cpSync("src/reference/pages/assets", "dist/assets", { recursive: true });
copyFileSync(
  "node_modules/@scalar/api-reference/dist/browser/standalone.js",
  "dist/assets/scalar.js",
);
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
