-- What lists need beside the groups, kept in step by the database itself, in the same transaction.
CREATE TRIGGER job_group_count_insert AFTER INSERT ON job_group BEGIN
  INSERT INTO job_group_count (workspace, status, priority, groups)
    VALUES (new.workspace, new.status, new.priority, 1)
    ON CONFLICT DO UPDATE SET groups = groups + 1;
END;
--> statement-breakpoint
CREATE TRIGGER job_group_count_update AFTER UPDATE OF status, priority ON job_group
WHEN (old.status, old.priority) IS NOT (new.status, new.priority) BEGIN
  UPDATE job_group_count SET groups = groups - 1
    WHERE workspace = old.workspace AND status = old.status AND priority = old.priority;
  INSERT INTO job_group_count (workspace, status, priority, groups)
    VALUES (new.workspace, new.status, new.priority, 1)
    ON CONFLICT DO UPDATE SET groups = groups + 1;
END;
--> statement-breakpoint
CREATE TRIGGER job_group_count_delete AFTER DELETE ON job_group BEGIN
  UPDATE job_group_count SET groups = groups - 1
    WHERE workspace = old.workspace AND status = old.status AND priority = old.priority;
END;
--> statement-breakpoint
CREATE TRIGGER job_group_tag_insert AFTER INSERT ON job_group WHEN new.tags <> '[]' BEGIN
  INSERT INTO job_group_tag (workspace, tag, created_at, group_id)
    SELECT DISTINCT new.workspace, value, new.created_at, new.id FROM json_each(new.tags);
END;
--> statement-breakpoint
CREATE TRIGGER job_group_tag_update AFTER UPDATE OF tags ON job_group WHEN old.tags <> new.tags BEGIN
  DELETE FROM job_group_tag WHERE workspace = old.workspace AND created_at = old.created_at
    AND group_id = old.id AND tag IN (SELECT value FROM json_each(old.tags));
  INSERT INTO job_group_tag (workspace, tag, created_at, group_id)
    SELECT DISTINCT new.workspace, value, new.created_at, new.id FROM json_each(new.tags);
END;
--> statement-breakpoint
CREATE TRIGGER job_group_tag_delete AFTER DELETE ON job_group WHEN old.tags <> '[]' BEGIN
  DELETE FROM job_group_tag WHERE workspace = old.workspace AND created_at = old.created_at
    AND group_id = old.id AND tag IN (SELECT value FROM json_each(old.tags));
END;
