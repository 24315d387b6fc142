-- How long things are kept. What has no row is kept for ever.
create table retention (
    workspace text not null references workspaces (id),
    -- `events`, `answers` or `refused`.
    kind text not null,
    -- Whole months before the current one.
    months bigint not null,
    primary key (workspace, kind)
);

create index erasure_by_time on erasures (workspace, asked_at);
create index audit_of_object on audit (workspace, object, seq);
create index audit_of_actor on audit (workspace, actor, seq);
