import { rm } from "node:fs/promises";
import { registerHooks } from "node:module";
import { createApp } from "../../src/app.ts";
import { describeApi } from "../../src/reference/openapi/document.ts";

/** The generators need the compiler's JavaScript API, which TypeScript 7 has no more. */
const withCompiler = () =>
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier === "typescript" ? "typescript-api" : specifier, context),
  });

/** Writes a client that is generated from the spec into the folder. */
export async function generateClient(folder: string): Promise<void> {
  withCompiler();
  const { createClient } = await import("@hey-api/openapi-ts");
  await rm(folder, { recursive: true, force: true });
  const { openapi, ...document } = describeApi(createApp());
  await createClient({
    input: { openapi, ...document },
    output: folder,
    plugins: ["@hey-api/client-fetch"],
    logs: { level: "silent" },
  });
}

/** The types of the spec for openapi-fetch, as text. */
export async function generateTypes(): Promise<string> {
  withCompiler();
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  return astToString(await openapiTS(JSON.stringify(describeApi(createApp()))));
}
