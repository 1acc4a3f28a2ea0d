import type { TestProject } from "vitest/node";
import { startDevServer } from "../support/dev-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of `npm run dev`. */
    url: string;
  }
}

/** One server for all tests of this folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startDevServer();
  project.provide("url", server.url);
  return () => server.stop();
}
