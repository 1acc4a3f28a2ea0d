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
CREATE INDEX `api_key_by_created_at` ON `api_key` (`workspace`,`created_at`,`id`);