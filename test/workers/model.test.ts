import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { execute } from "../../src/coordinator/stub.ts";
import { GROUP_INPUT } from "../support/group-input.ts";
import { Pair } from "./model-pair.ts";
import { expectNothingLeft } from "./model-removal.ts";
import { deletion, type Step, step } from "./model-steps.ts";

/**
 * Vitest hands variables that begin with VITE_ through to workerd: `VITE_MODEL_GROUPS=100 vitest run
 * --project workers model` runs longer, `VITE_MODEL_SEED=<the seed printed>` runs the same again. The
 * pool starts an object the more slowly the more it has started: thousands of groups are many runs.
 */
const GROUPS = Number(process.env["VITE_MODEL_GROUPS"] ?? 32);
const SEED = Number(process.env["VITE_MODEL_SEED"] ?? Date.now() % 2 ** 31);
/** So far ahead that no alarm rings by itself. */
const START = Date.UTC(2100, 0);

afterEach(() => {
  vi.useRealTimers();
});

test(
  "no sequence of commands, jumps of the clock, evictions and aborts parts the rows from the model",
  async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    console.info(`model: ${GROUPS} groups, seed ${SEED}`);
    let commands = 0;
    const sequences = fc.array(step, { minLength: 20, maxLength: 80, size: "max" });
    const end = fc.option(fc.tuple(deletion, fc.array(step, { maxLength: 5 })), { nil: [] });
    const property = fc.asyncProperty(fc.boolean(), sequences, end, async (open, steps, end) => {
      vi.setSystemTime(START);
      const pair = new Pair();
      const create = { kind: "create", id: pair.id, input: GROUP_INPUT } as const;
      expect(await execute(env, pair.request(create))).toMatchObject({ ok: true });
      const opening: Step[] = [
        { do: "send", what: { kind: "add", numbers: [null, "a", null, null, null] } },
        { do: "send", what: { kind: "open" } },
      ];
      for (const next of [...(open ? opening : []), ...steps, ...end.flat()]) await pair.take(next);
      if (pair.model.isDeleted) await expectNothingLeft(pair.id);
      commands += pair.commands;
    });
    await fc.assert(property, { numRuns: GROUPS, seed: SEED });
    console.info(`model: ${commands} commands, no difference`);
    expect(commands).toBeGreaterThanOrEqual(50 * GROUPS);
  },
  GROUPS * 20_000,
);
