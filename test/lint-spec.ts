import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "../src/app.ts";
import { describeApi } from "../src/reference/openapi/document.ts";

const FILE = "dist/openapi.json";

/** Runs a linter of the spec; what it finds, warnings included, ends the run. */
const lint = (linter: string, ...options: string[]) =>
  execFileSync(join("node_modules", ".bin", linter), ["lint", FILE, ...options], {
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    stdio: "inherit",
  });

mkdirSync("dist", { recursive: true });
writeFileSync(FILE, JSON.stringify(describeApi(createApp()), null, 2));
lint("redocly", "--extends=recommended-strict", "--format=stylish");
lint("spectral", "--fail-severity=hint", "--quiet");
