import { parseArgs } from "node:util";
import { migrations } from "./databases.ts";

/**
 * The calls of wrangler that deploy: first the environment's databases are migrated, then its Worker replaced. The environment
 * is named in both, also when it is production (`""`): wrangler would take one from CLOUDFLARE_ENV otherwise.
 */
export function deploySteps(
  given: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  databasesOf: (environment: string) => readonly string[],
): string[][] {
  const { values, tokens } = parseArgs({
    args: [...given],
    strict: false,
    tokens: true,
    options: { env: { type: "string", short: "e" }, "dry-run": { type: "boolean" } },
  });
  const named = tokens.some((token) => token.kind === "option" && token.name === "env");
  const environment = named ? String(values.env) : (variables["CLOUDFLARE_ENV"] ?? "");
  const env = `--env=${environment}`;
  const deploy = ["deploy", ...(named ? [] : [env]), ...given];
  return values["dry-run"] === true
    ? [deploy]
    : [...migrations(databasesOf(environment), ["--remote", env]), deploy];
}
