ALTER TABLE `job_group` ADD `retention_days` integer;--> statement-breakpoint
ALTER TABLE `job_group` ADD `deletes_at` integer;--> statement-breakpoint
CREATE INDEX `job_group_deletes_at` ON `job_group` (`deletes_at`) WHERE deletes_at IS NOT NULL;