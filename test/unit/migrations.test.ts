import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("drizzle-kit finds nothing in the schema that the migrations lack", async () => {
  // drizzle-kit takes only paths below the project for what it writes.
  const out = await mkdtemp("dist/drift-");
  try {
    await cp("migrations", out, { recursive: true });
    const before = await readdir(out);
    await promisify(execFile)(join("node_modules", ".bin", "drizzle-kit"), [
      "generate",
      "--dialect=sqlite",
      "--schema=./src/store/schema.ts",
      `--out=${out}`,
    ]);
    expect(await readdir(out)).toEqual(before);
  } finally {
    await rm(out, { recursive: true });
  }
}, 60_000);
