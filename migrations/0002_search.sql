-- The search index holds no text of its own: it reads that of the groups through this view. `scope`, the
-- end of the workspace's name, is one trigram: it leaves out the groups of nearly all other workspaces at
-- the least cost; the query leaves out the rest.
CREATE VIEW job_group_search_source AS
  SELECT rowid, substr('--' || workspace, -3) AS scope, search_text AS body FROM job_group;
--> statement-breakpoint
CREATE VIRTUAL TABLE job_group_search USING fts5(
  scope, body,
  content = 'job_group_search_source', content_rowid = 'rowid', columnsize = 0,
  tokenize = 'trigram case_sensitive 1'
);
--> statement-breakpoint
CREATE TRIGGER job_group_search_insert AFTER INSERT ON job_group BEGIN
  INSERT INTO job_group_search (rowid, scope, body)
    VALUES (new.rowid, substr('--' || new.workspace, -3), new.search_text);
END;
--> statement-breakpoint
CREATE TRIGGER job_group_search_update AFTER UPDATE OF search_text ON job_group
WHEN old.search_text <> new.search_text BEGIN
  INSERT INTO job_group_search (job_group_search, rowid, scope, body)
    VALUES ('delete', old.rowid, substr('--' || old.workspace, -3), old.search_text);
  INSERT INTO job_group_search (rowid, scope, body)
    VALUES (new.rowid, substr('--' || new.workspace, -3), new.search_text);
END;
--> statement-breakpoint
CREATE TRIGGER job_group_search_delete AFTER DELETE ON job_group BEGIN
  INSERT INTO job_group_search (job_group_search, rowid, scope, body)
    VALUES ('delete', old.rowid, substr('--' || old.workspace, -3), old.search_text);
END;
