import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { generateClient } from "../support/generated-client.ts";
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
  await generateClient(GENERATED);
  // Its own runtime is not written for exactOptionalPropertyTypes.
  const { exactOptionalPropertyTypes: _, ...strict } = consumer.compilerOptions;
  const compilerOptions = { ...strict, module: "esnext", moduleResolution: "bundler" };
  const project = join(GENERATED, "tsconfig.json");
  await writeFile(project, JSON.stringify({ compilerOptions, include: ["."] }));
  expect(await compile(project)).toBe("");
});
