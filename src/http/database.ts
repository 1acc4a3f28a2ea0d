import { connect, type Db } from "../store/db.ts";
import { databaseAt } from "../store/shards.ts";
import type { AppContext } from "./app-types.ts";

const ofCaller = (c: AppContext) => databaseAt(c.env, c.get("principal").shard);

/** The database in which the caller's workspace lives. */
export const primary = (c: AppContext): Db => connect(ofCaller(c));

/** The same, with each read as new as the reads before it. */
export const primarySession = (c: AppContext): Db =>
  connect(ofCaller(c).withSession("first-primary"));
