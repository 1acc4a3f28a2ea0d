import worker from "./bucket.ts";
import { withDistantBucket } from "./distant-bucket.ts";

export { GroupCoordinator } from "./bucket.ts";

/** The bare Worker, with its bucket in another process. */
export default {
  fetch: (request: Request, env: Env): Promise<Response> =>
    worker.fetch(request, withDistantBucket(env)),
};
