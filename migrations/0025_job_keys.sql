-- A group's jobs keep lying together: their key begins with the number of the group's row. See src/store/job-keys.ts.
CREATE TABLE `__new_job` (
	`key` integer PRIMARY KEY NOT NULL,
	`keyed` integer NOT NULL,
	`group_id` text NOT NULL,
	`id` text NOT NULL,
	`workspace` text NOT NULL,
	`job_number` text,
	`document_name` text NOT NULL,
	`document_url` text,
	`document_type` text,
	`metadata` text,
	`status` text NOT NULL,
	`attempts` integer NOT NULL,
	`available_at` integer,
	`lease_id` text,
	`lease_outcome` text,
	`leased_at` integer,
	`lease_expires_at` integer,
	`heartbeat_seconds` integer,
	`worker_id` text,
	`error` text,
	`pages` integer,
	`cost_micros` integer,
	`currency` text,
	`confidence` real,
	`processing_ms` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`completed_at` integer,
	`error_code` text,
	`deferrals` integer DEFAULT 0 NOT NULL,
	`document_key` text,
	`document_size` integer,
	`document_sha256` text,
	`history` text,
	`extracted_data` text,
	CONSTRAINT "job_key_has_the_sequence" CHECK(printf('%05x', key & 1048575) = substr(id, 1, 5))
);
--> statement-breakpoint
INSERT INTO `__new_job` (
		key, keyed, group_id, id, workspace, job_number, document_name, document_url, document_type, metadata, status,
		attempts, available_at, lease_id, lease_outcome, leased_at, lease_expires_at, heartbeat_seconds, worker_id,
		error, pages, cost_micros, currency, confidence, processing_ms, created_at, updated_at, completed_at,
		error_code, deferrals, document_key, document_size, document_sha256, history, extracted_data
	) SELECT
		(job_group.rowid << 20) + (('0x' || substr(job.id, 1, 5)) ->> '$'), 1, job.group_id, job.id, job.workspace,
		job.job_number, job.document_name, job.document_url, job.document_type, job.metadata, job.status,
		job.attempts, job.available_at, job.lease_id, job.lease_outcome, job.leased_at, job.lease_expires_at,
		job.heartbeat_seconds, job.worker_id, job.error, job.pages, job.cost_micros, job.currency, job.confidence,
		job.processing_ms, job.created_at, job.updated_at, job.completed_at, job.error_code, job.deferrals,
		job.document_key, job.document_size, job.document_sha256, job.history, job.extracted_data
	FROM job_group CROSS JOIN job ON job.group_id = job_group.id ORDER BY job_group.rowid, job.id;
--> statement-breakpoint
DROP TABLE `job`;
--> statement-breakpoint
ALTER TABLE `__new_job` RENAME TO `job`;
--> statement-breakpoint
CREATE UNIQUE INDEX `job_by_number` ON `job` (`workspace`,`job_number`,`group_id`) WHERE job_number IS NOT NULL;
--> statement-breakpoint
CREATE INDEX `job_failed` ON `job` (`group_id`,`error_code`) WHERE status = 'failed';
--> statement-breakpoint
CREATE INDEX `job_waiting` ON `job` (`group_id`,`available_at`) WHERE available_at IS NOT NULL;
--> statement-breakpoint
-- The reference to the group without an index for it.
CREATE TRIGGER job_group_jobs_delete AFTER DELETE ON job_group BEGIN
  DELETE FROM job WHERE key BETWEEN old.rowid << 20 AND (old.rowid << 20) + 1048575;
END;
