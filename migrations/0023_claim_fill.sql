ALTER TABLE `claim_filter` ADD `fill` text DEFAULT '[[-1,0,""],[0,""]]';--> statement-breakpoint
UPDATE claim_filter SET fill = NULL;
--> statement-breakpoint
-- Lines are filled in steps: see `write/claim-filters.ts`.
DROP TRIGGER claim_filter_insert;
