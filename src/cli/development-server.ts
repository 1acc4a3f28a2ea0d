import { parseArgs } from "node:util";

/**
 * The arguments of `wrangler dev`, and where it answers. BASE_URL, for the links in e-mail, follows the port. The
 * default port is named too, because wrangler would silently take another when it is in use. There are no
 * jurisdictions on this machine: workerd refuses their names. Wrangler itself prints a line for each request.
 */
export function developmentServer(given: readonly string[]) {
  const { values } = parseArgs({
    args: [...given],
    strict: false,
    options: { port: { type: "string" } },
  });
  const { port = "8787" } = values;
  const url = `http://localhost:${String(port)}`;
  const ports = values.port === undefined ? ["--port", String(port)] : [];
  const vars = ["--var", `BASE_URL:${url}`, "--var", "JURISDICTION:", "--var", "ACCESS_LOG:"];
  return { url, args: ["dev", ...ports, ...vars, ...given] };
}
