-- Jobs that were given up, letters on their way, and endpoints that are told what happens.

-- From then on nobody tries any more, until somebody says so.
alter table jobs add column dead_at bigint;
-- Attempts that do not count as tries.
alter table jobs add column forgiven bigint not null default 0;
create index job_due_anywhere on jobs (done_at, run_at);

create table mails (
    workspace text not null references workspaces (id),
    id text not null,
    recipient text not null,
    -- Whose quiet hours are kept; null: somebody waits for it.
    user_id text,
    subject text not null,
    -- Both bodies are emptied when nobody needs them any more.
    plain text not null,
    html text not null,
    -- Where one request ends such letters.
    unsubscribe text,
    created_at bigint not null,
    sent_at bigint,
    failed_at bigint,
    failure text,
    primary key (workspace, id)
);

-- Endpoints of others that are told what happens.
create table webhooks (
    workspace text not null references workspaces (id),
    id text not null,
    url text not null,
    -- Words with a space between.
    events text not null,
    -- A signature needs it as it is.
    secret text not null,
    created_by text not null,
    created_at bigint not null,
    last_seq bigint not null default 0,
    failures bigint not null default 0,
    failing_since bigint,
    disabled_at bigint,
    disabled_why text,
    primary key (workspace, id)
);

create table deliveries (
    workspace text not null references workspaces (id),
    id text not null,
    webhook text not null,
    -- The order in which an endpoint gets them.
    seq bigint not null,
    -- Stays the same when it is delivered again.
    message text not null,
    event text not null,
    body text not null,
    created_at bigint not null,
    attempts bigint not null default 0,
    tried_at bigint,
    -- Of the last answer.
    status bigint,
    failure text,
    delivered_at bigint,
    primary key (workspace, id),
    unique (workspace, webhook, seq)
);
create index delivery_waiting on deliveries (workspace, webhook, delivered_at, seq);
