DROP INDEX `job_group_claimable`;--> statement-breakpoint
ALTER TABLE `job_group` ADD `claim_order` integer;--> statement-breakpoint
UPDATE job_group SET claim_order = created_at WHERE claim_rank IS NOT NULL;--> statement-breakpoint
UPDATE job_group SET claim_rank = claim_rank + 4, claim_order = due_at WHERE claim_rank IS NOT NULL AND due_at > 0;--> statement-breakpoint
CREATE INDEX `job_group_claimable` ON `job_group` (`workspace`,`claim_rank`,`claim_order`,`id`) WHERE claim_rank IS NOT NULL;