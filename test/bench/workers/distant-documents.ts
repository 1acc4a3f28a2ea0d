import worker from "../../../src/index.ts";
import { withDistantBucket } from "./distant-bucket.ts";

export { GroupCoordinator } from "../../../src/index.ts";

/** One for the life of the isolate: the configuration is parsed once an environment. */
let distant: Env | undefined;

/** The Worker, with its bucket in another process. */
export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    distant ??= withDistantBucket(env);
    return worker.fetch(request, distant, context);
  },
};
