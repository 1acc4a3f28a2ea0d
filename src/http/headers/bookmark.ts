import { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { configOf } from "../../config.ts";
import { connect, type Db } from "../../store/db.ts";
import { databaseAt } from "../../store/shards.ts";
import type { AppContext, AppEnv } from "../app-types.ts";

const NAME = "x-d1-bookmark";
/** The form of D1's bookmarks. It is checked here because a database without replicas accepts any text. */
const BOOKMARK = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}(@[1-9]\d{0,3})?$/;

/** A bookmark counts in its own database alone. One of `DB` is sent as it is, one of `DB_n` with `@n` behind it. */
const suffixOf = (shard: number): string => (shard === 0 ? "" : `@${shard}`);

/** The header that getters and lists take. The others read the primary database. */
export const Bookmark = z.object({
  [NAME]: z
    .string()
    .regex(BOOKMARK, "must be a bookmark as an answer gave it.")
    .optional()
    .openapi({
      description:
        "The `x-d1-bookmark` of an earlier answer. The nearest replica then answers, with everything that the " +
        "earlier answer had read or written. Without it the primary database answers; lists are answered by the nearest " +
        "replica where the deployment says so (`READ_REPLICAS`).",
      example: "00000085-0000024c-00004c6d-8e61117bf38d7adb71b934ebbf891683",
    }),
});

export const BOOKMARK_HEADER = {
  [NAME]: {
    description:
      "Send it with a later read to see at least everything that this answer has read or written.",
    schema: { type: "string" as const },
  },
};

/** The bookmark to begin at. Only reads validate theirs, and a write gains nothing from a replica. */
export const bookmarkIn = (c: AppContext): string | undefined =>
  ["GET", "HEAD"].includes(c.req.method) ? c.req.header(NAME) : undefined;

/** The database for this request: a replica as new as the request's bookmark, or the primary without one. */
export function session(c: AppContext, otherwise = "first-primary"): Db {
  const asked = bookmarkIn(c);
  const { shard } = c.get("principal");
  const [bookmark = "", suffix] = (asked ?? "").split(/(?=@)/);
  // That of another database tells nothing: the workspace has moved since.
  const isOurs = asked !== undefined && (suffix ?? "") === suffixOf(shard);
  const constraint = asked === undefined ? otherwise : isOurs ? bookmark : "first-primary";
  const d1 = databaseAt(c.env, shard).withSession(constraint);
  c.set("bookmark", () => d1.getBookmark());
  return connect(d1);
}

/** The database for a list, which tells of many rows at once: without a bookmark the nearest replica, if so configured. */
export const listSession = (c: AppContext): Db =>
  session(c, configOf(c.env).readReplicas ? "first-unconstrained" : "first-primary");

/** The same for the database of the keys. A caller who lives elsewhere has bookmarks of another database, and gets none. */
export function directorySession(c: AppContext): Db {
  return c.get("principal").shard === 0 ? session(c) : connect(c.env.DB);
}

/** Adds the bookmark of the request's last query to the answer. */
export const answerBookmark: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  const bookmark = c.get("bookmark")?.() ?? null;
  // `c.header` would copy the whole answer.
  if (bookmark !== null) c.res.headers.set(NAME, bookmark + suffixOf(c.get("principal").shard));
};
