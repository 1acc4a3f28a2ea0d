import { DurableObject } from "cloudflare:workers";

/**
 * The floor, which is the platform itself: no framework, no validation, no authentication, no object; the rows as
 * they are stored, in the same tables under the same indexes. With `?session` it reads through a session of D1, as
 * the API must for its bookmarks: local D1 takes longer to make a bookmark than to read a row.
 */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const DB = search === "?session" ? env.DB.withSession("first-primary") : env.DB;
    const id = pathname.split("/")[2];
    if (request.method === "POST") {
      const { name, template } = await request.json<{ name: string; template: string }>();
      const newId = crypto.randomUUID().replaceAll("-", "").slice(0, 24);
      const now = Date.now();
      const values = [newId, name, template, now, now, name];
      await DB.prepare(INSERT)
        .bind(...values)
        .run();
      return Response.json(
        { success: true, data: { _id: newId, name, template } },
        { status: 201 },
      );
    }
    if (id !== undefined) {
      const data = await DB.prepare("SELECT * FROM job_group WHERE id = ?").bind(id).first();
      return Response.json({ success: data !== null, data });
    }
    const [page, count] = await DB.batch<{ total: number }>([DB.prepare(PAGE), DB.prepare(COUNT)]);
    return Response.json({ success: true, data: page?.results, total: count?.results[0]?.total });
  },
};

const PAGE = `SELECT * FROM job_group WHERE workspace = 'default'
  ORDER BY created_at DESC, id DESC LIMIT 50`;
const COUNT = "SELECT sum(groups) AS total FROM job_group_count WHERE workspace = 'default'";
const INSERT = `INSERT INTO job_group (id, workspace, revision, name, template, priority, status, total_jobs,
  pending_jobs, processing_jobs, completed_jobs, failed_jobs, cancelled_jobs, fresh_from, leased_jobs,
  parallel_jobs, retry_count, timeout_minutes, total_pages, total_cost_micros, total_processing_ms,
  on_completion, on_failure, recipients, tags, metadata, run, run_finished_jobs, run_finish_offsets_ms,
  created_at, updated_at, search_text)
  VALUES (?, 'default', '', ?, ?, 1, 'created', 0, 0, 0, 0, 0, 0, 0, '[]', 3, 2, 30, 0, 0, 0, 0, 1, '[]',
  '[]', '{}', 1, 0, 0, ?, ?, ?)`;

/** wrangler.toml binds it. */
export class GroupCoordinator extends DurableObject<Env> {}
