/** Fills `dist/assets`, the folder that the Worker serves as it stands: our pages' files and the reference viewer. */
import { copyFileSync, cpSync } from "node:fs";

cpSync("src/reference/pages/assets", "dist/assets", { recursive: true });
copyFileSync(
  "node_modules/@scalar/api-reference/dist/browser/standalone.js",
  "dist/assets/scalar.js",
);
