-- Which indicators a run was asked for; null for all of them.
-- Only a run of all makes its quarter up to date for the nightly refresh.
ALTER TABLE ops.run ADD COLUMN ikus text [];
