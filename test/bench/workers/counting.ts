import app from "../../../src/index.ts";
import { Meter } from "./meter.ts";

export { GroupCoordinator } from "../../../src/index.ts";

let calls = 0;
let meter: Meter | undefined;
/** One for the life of the isolate: the configuration is parsed once an environment. */
let counted: Env | undefined;

/** The Worker, which counts its calls of coordinators and the rows it reads. `/counted` tells, and begins anew. */
export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    meter ??= new Meter(env.DB);
    if (new URL(request.url).pathname === "/counted") {
      const data = { calls, rowsRead: meter.take().rowsRead };
      calls = 0;
      return Response.json({ success: true, data });
    }
    counted ??= { ...env, GROUP_COORDINATOR: counting(env.GROUP_COORDINATOR) };
    return app.fetch(request, counted, context);
  },
};

const counting = (namespace: Env["GROUP_COORDINATOR"]) =>
  ({
    getByName: (name: string) => {
      calls++;
      return namespace.getByName(name);
    },
  }) as Env["GROUP_COORDINATOR"];
