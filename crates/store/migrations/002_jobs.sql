-- Work to be done later, or by somebody else.
create table jobs (
    workspace text not null references workspaces (id),
    -- UUIDv7: sorts by the time when it was asked for.
    id text not null,
    kind text not null,
    -- JSON.
    input text not null,
    -- Of the same key one waits at most; null from the end on.
    key text,
    -- Not before this moment.
    run_at bigint not null,
    attempts bigint not null,
    -- A worker has it until then, and must say again that it is alive.
    held_until bigint,
    done_at bigint,
    -- Why the last attempt failed.
    failure text,
    primary key (workspace, id),
    unique (workspace, key)
);
create index job_due on jobs (workspace, done_at, run_at);
