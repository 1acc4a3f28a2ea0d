import { DurableObject } from "cloudflare:workers";
import { LIMITS } from "../../../src/domain/limits.ts";
import { connect } from "../../../src/store/db.ts";
import { accessPaths } from "../../../src/store/read/list/access-path.ts";
import { listGroups } from "../../../src/store/read/list/list-groups.ts";
import { readSorted } from "../../../src/store/read/list/read-sorted.ts";
import { Meter } from "./meter.ts";

let meter: Meter | undefined;

/** Searches as the API does, or with `?rows` by looking at the row of each hit, and answers the groups as they are read. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const search = searchParams.get("search") ?? "";
    const list = { workspace: "default", limit: 50, offset: 0, sort: "createdAt" } as const;
    const query = { ...list, order: "desc", search } as const;
    meter ??= new Meter(env.DB);
    meter.take();
    const db = connect(env.DB);
    const [path] = accessPaths(query);
    const isOfRows = searchParams.has("rows") && path !== undefined;
    const page = isOfRows
      ? await readSorted(db, query, path, LIMITS.list)
      : await listGroups(db, query);
    const data = typeof page === "string" ? { page } : page;
    const headers = { "x-cost": JSON.stringify(meter.take()) };
    return Response.json({ success: true, ...data }, { headers });
  },
};

export class GroupCoordinator extends DurableObject<Env> {}
