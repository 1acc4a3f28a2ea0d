import { DurableObject } from "cloudflare:workers";

/** The platform itself: the body of a request is put into the bucket, and answered from there. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const name = new URL(request.url).pathname;
    if (request.method === "PUT") {
      await env.DOCUMENTS.put(name, request.body);
      return new Response(null, { status: 204 });
    }
    return new Response((await env.DOCUMENTS.get(name))?.body ?? null);
  },
};

/** wrangler.toml binds it. */
export class GroupCoordinator extends DurableObject<Env> {}
