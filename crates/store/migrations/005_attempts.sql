-- Failures of long ago are found, to be forgotten.
create index attempt_by_time on attempts (last_at);
