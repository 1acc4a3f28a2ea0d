import { parseArgs } from "node:util";

const USAGE = `Creates an API key on a running server and prints the answer. The key is shown only this once.

  npm run key:create -- --name "Scanner 1" --scopes groups:read,groups:write,jobs:process
      [--workspace accounting] [--expires-at 2027-01-31T00:00:00Z] [--url http://localhost:8787]

ROOT_API_KEY comes from the environment or from .dev.vars. It may also hold another key with the scope keys:admin.`;

const fail = (code: number, ...why: string[]): never => {
  console.error(...why);
  process.exit(code);
};

function parse() {
  try {
    const { values } = parseArgs({
      options: {
        name: { type: "string" },
        scopes: { type: "string" },
        workspace: { type: "string" },
        "expires-at": { type: "string" },
        url: { type: "string", default: "http://localhost:8787" },
      },
    });
    return values;
  } catch {
    return fail(2, USAGE);
  }
}

const { name, scopes, workspace, "expires-at": expiresAt, url } = parse();
const { ROOT_API_KEY } = process.env;
if (name === undefined || scopes === undefined || !ROOT_API_KEY) fail(2, USAGE);
const answer = await fetch(new URL("/api-key", url), {
  method: "POST",
  headers: { "api-key": ROOT_API_KEY, "content-type": "application/json" },
  body: JSON.stringify({ name, workspace, scopes: scopes?.split(","), expiresAt }),
}).catch(() => fail(1, `No answer from ${url}. Is the server running?`));
console.log(JSON.stringify(await answer.json(), null, 2));
process.exitCode = answer.ok ? 0 : 1;
