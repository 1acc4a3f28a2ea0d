ALTER TABLE `job_group` ADD `stored_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `job_group_stored` ON `job_group` (`workspace`,`stored_bytes`) WHERE stored_bytes > 0;--> statement-breakpoint
UPDATE job_group SET stored_bytes =
  (SELECT coalesce(sum(document_size), 0) FROM job WHERE job.group_id = job_group.id)
  WHERE stored_documents > 0;
