CREATE TABLE `search_scope` (
	`scope` text NOT NULL,
	`workspace` text NOT NULL,
	PRIMARY KEY(`scope`, `workspace`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO search_scope SELECT DISTINCT substr('--' || workspace, -3), workspace FROM job_group_count;
--> statement-breakpoint
-- A row of counts is inserted with the first group of a kind and then updated, so this costs one row a workspace.
CREATE TRIGGER job_group_count_scope AFTER INSERT ON job_group_count BEGIN
  INSERT OR IGNORE INTO search_scope VALUES (substr('--' || new.workspace, -3), new.workspace);
END;
