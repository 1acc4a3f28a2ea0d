CREATE TABLE `api_key` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`hash` text NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	`last_used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_key_by_hash` ON `api_key` (`hash`);--> statement-breakpoint
CREATE INDEX `api_key_by_created_at` ON `api_key` (`workspace`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `delivery` (
	`group_id` text NOT NULL,
	`id` text NOT NULL,
	`run` integer NOT NULL,
	`event` text NOT NULL,
	`channel` text NOT NULL,
	`destination` text NOT NULL,
	`payload` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer,
	`attempted_at` integer,
	`delivered_at` integer,
	`last_error` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`group_id`, `id`),
	FOREIGN KEY (`group_id`) REFERENCES `job_group`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `delivery_due` ON `delivery` (`group_id`,`due_at`) WHERE due_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `job` (
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
	`worker_id` text,
	`error` text,
	`pages` integer,
	`cost_micros` integer,
	`currency` text,
	`confidence` real,
	`processing_ms` integer,
	`extracted_data` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`completed_at` integer,
	PRIMARY KEY(`group_id`, `id`),
	FOREIGN KEY (`group_id`) REFERENCES `job_group`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `job_by_number` ON `job` (`group_id`,`job_number`) WHERE job_number IS NOT NULL;--> statement-breakpoint
CREATE INDEX `job_waiting` ON `job` (`group_id`,`available_at`) WHERE available_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `job_group` (
	`rowid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`workspace` text NOT NULL,
	`revision` text NOT NULL,
	`name` text NOT NULL,
	`description` text,
	`batch_number` text,
	`template` text NOT NULL,
	`priority` integer NOT NULL,
	`status` text NOT NULL,
	`total_jobs` integer NOT NULL,
	`pending_jobs` integer NOT NULL,
	`processing_jobs` integer NOT NULL,
	`completed_jobs` integer NOT NULL,
	`failed_jobs` integer NOT NULL,
	`cancelled_jobs` integer NOT NULL,
	`fresh_from` integer NOT NULL,
	`due_at` integer,
	`leased_jobs` text NOT NULL,
	`parallel_jobs` integer NOT NULL,
	`retry_count` integer NOT NULL,
	`timeout_minutes` integer NOT NULL,
	`total_pages` integer NOT NULL,
	`total_cost_micros` integer NOT NULL,
	`currency` text,
	`total_processing_ms` integer NOT NULL,
	`on_completion` integer NOT NULL,
	`on_failure` integer NOT NULL,
	`recipients` text NOT NULL,
	`created_by` text,
	`assigned_to` text,
	`tags` text NOT NULL,
	`metadata` text NOT NULL,
	`run` integer NOT NULL,
	`run_started_at` integer,
	`run_finished_jobs` integer NOT NULL,
	`run_failed_jobs` integer DEFAULT 0 NOT NULL,
	`run_finish_offsets_ms` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`started_at` integer,
	`completed_at` integer,
	`estimated_at` integer,
	`search_text` text NOT NULL,
	`claim_rank` integer,
	CONSTRAINT "job_group_counters_add_up" CHECK(total_jobs = pending_jobs + completed_jobs + failed_jobs + cancelled_jobs),
	CONSTRAINT "job_group_counters_in_range" CHECK(0 <= processing_jobs AND processing_jobs <= pending_jobs AND completed_jobs >= 0 AND failed_jobs >= 0 AND cancelled_jobs >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `job_group_by_id` ON `job_group` (`id`);--> statement-breakpoint
CREATE INDEX `job_group_by_created_at` ON `job_group` (`workspace`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `job_group_by_name` ON `job_group` (`workspace`,`name`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `job_group_by_priority` ON `job_group` (`workspace`,`priority`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `job_group_by_status` ON `job_group` (`workspace`,`status`,`created_at`,`id`,`priority`);--> statement-breakpoint
CREATE INDEX `job_group_by_template` ON `job_group` (`workspace`,`template`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `job_group_by_batch_number` ON `job_group` (`workspace`,`batch_number`,`created_at`,`id`) WHERE batch_number IS NOT NULL;--> statement-breakpoint
CREATE INDEX `job_group_by_created_by` ON `job_group` (`workspace`,`created_by`,`created_at`,`id`) WHERE created_by IS NOT NULL;--> statement-breakpoint
CREATE INDEX `job_group_by_assigned_to` ON `job_group` (`workspace`,`assigned_to`,`created_at`,`id`) WHERE assigned_to IS NOT NULL;--> statement-breakpoint
CREATE INDEX `job_group_claimable` ON `job_group` (`workspace`,`claim_rank`,`created_at`,`id`) WHERE claim_rank IS NOT NULL;--> statement-breakpoint
CREATE TABLE `job_group_count` (
	`workspace` text NOT NULL,
	`status` text NOT NULL,
	`priority` integer NOT NULL,
	`groups` integer NOT NULL,
	PRIMARY KEY(`workspace`, `status`, `priority`),
	CONSTRAINT "job_group_count_in_range" CHECK(groups >= 0)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `job_group_tag` (
	`workspace` text NOT NULL,
	`tag` text NOT NULL,
	`created_at` integer NOT NULL,
	`group_id` text NOT NULL,
	PRIMARY KEY(`workspace`, `tag`, `created_at`, `group_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `receipt` (
	`workspace` text NOT NULL,
	`operation` text NOT NULL,
	`key_hash` text NOT NULL,
	`group_id` text NOT NULL,
	`fingerprint` text NOT NULL,
	`position` integer NOT NULL,
	`reply` text NOT NULL,
	`expires_at` integer,
	PRIMARY KEY(`workspace`, `operation`, `key_hash`, `group_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `receipt_by_expiry` ON `receipt` (`expires_at`) WHERE expires_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `receipt_of_creation` ON `receipt` (`group_id`) WHERE operation = 'createJobGroup';--> statement-breakpoint
CREATE TABLE `webhook` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`url` text NOT NULL,
	`events` text NOT NULL,
	`secret` text NOT NULL,
	`previous_secret` text,
	`previous_secret_until` integer,
	`created_at` integer NOT NULL,
	`disabled_at` integer
);
--> statement-breakpoint
CREATE INDEX `webhook_by_workspace` ON `webhook` (`workspace`);