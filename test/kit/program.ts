/** A processor in a process of its own. `node program.ts <options as JSON>`; prints the names of its events. */
import { createProcessor } from "../../src/processor/kit/index.ts";

interface Program {
  url: string;
  apiKey: string;
  templates: string[];
  concurrency: number;
  /** `hang`: no reading ever ends. */
  reading: "hang" | "done";
}

const { reading, ...options } = JSON.parse(process.argv[2] ?? "") as Program;
const processor = createProcessor({
  ...options,
  heartbeatSeconds: 15,
  read: () => (reading === "hang" ? new Promise(() => {}) : Promise.resolve({ pages: 1 })),
});
for (const name of ["claimed", "completed", "released", "lost", "idle"] as const)
  processor.on(name, () => console.log(name));
await processor.run();
console.log("stopped");
