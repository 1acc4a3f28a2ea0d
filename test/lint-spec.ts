import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "../src/app.ts";
import { describeApi } from "../src/reference/openapi/document.ts";
import { forViewer } from "../src/reference/openapi/for-viewer.ts";

const FILE = "dist/openapi.json";
const QUIET = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };

mkdirSync("dist", { recursive: true });
writeFileSync(FILE, JSON.stringify(forViewer(describeApi(createApp())), null, 2));
// A warning ends the run, too: the rules make errors of all that they find.
const options = ["lint", FILE, "--config=.redocly.yaml", "--format=stylish"];
execFileSync(join("node_modules", ".bin", "redocly"), options, {
  env: { ...process.env, ...QUIET },
  stdio: "inherit",
});
