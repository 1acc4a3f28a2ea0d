/** Fills `dist/assets`, whose files the Worker serves unchanged: those of our pages, and the reference viewer. */
import { copyFileSync, cpSync } from "node:fs";

cpSync("src/reference/pages/assets", "dist/assets", { recursive: true });
copyFileSync(
  "node_modules/@scalar/api-reference/dist/browser/standalone.js",
  "dist/assets/scalar.js",
);
