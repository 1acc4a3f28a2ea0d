import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { describeApi } from "../../src/reference/openapi/document.ts";
import consumer from "./consumer.tsconfig.json" with { type: "json" };

const GENERATED = "dist/generated";

/** The compiler's messages about a project. */
async function compile(project: string): Promise<string> {
  const tsc = join("node_modules", ".bin", "tsc");
  return promisify(execFile)(tsc, ["-p", project]).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

test("the example compiles against the client as a consumer gets it", async () => {
  expect(await compile("test/client/consumer.tsconfig.json")).toBe("");
});

test("a client generated from the spec compiles", async () => {
  // The generator needs the compiler's JavaScript API, which TypeScript 7 has no more.
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier === "typescript" ? "typescript-api" : specifier, context),
  });
  const { createClient } = await import("@hey-api/openapi-ts");
  await rm(GENERATED, { recursive: true, force: true });
  const { openapi, ...document } = describeApi(createApp());
  await createClient({
    input: { openapi, ...document },
    output: GENERATED,
    plugins: ["@hey-api/client-fetch"],
    logs: { level: "silent" },
  });
  // Its own runtime is not written for exactOptionalPropertyTypes.
  const { exactOptionalPropertyTypes: _, ...strict } = consumer.compilerOptions;
  const compilerOptions = { ...strict, module: "esnext", moduleResolution: "bundler" };
  const project = join(GENERATED, "tsconfig.json");
  await writeFile(project, JSON.stringify({ compilerOptions, include: ["."] }));
  expect(await compile(project)).toBe("");
});
