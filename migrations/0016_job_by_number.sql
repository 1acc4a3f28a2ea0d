DROP INDEX `job_by_number`;--> statement-breakpoint
CREATE UNIQUE INDEX `job_by_number` ON `job` (`workspace`,`job_number`,`group_id`) WHERE job_number IS NOT NULL;