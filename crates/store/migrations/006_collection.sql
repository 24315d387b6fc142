-- Collection: what each source has sent, what it may send, and how a refused row is read again.

-- `segment`, `events`, `cloud_events`, `hook:ID` or `upload:ID`: by which door the row may come again. Empty: by none.
alter table quarantine add column form text not null default '';
create index quarantine_of_source on quarantine (workspace, source, id);

-- Events a minute that a key may send; no line: what the settings say.
create table key_quotas (
    workspace text not null references workspaces (id),
    key_id text not null,
    events_a_minute bigint not null,
    primary key (workspace, key_id)
);

-- What has come from where: `key:ID`, `hook:ID`, `upload:ID`.
create table source_counts (
    workspace text not null references workspaces (id),
    source text not null,
    first_at bigint not null,
    -- The last time when something came.
    received_at bigint not null,
    -- The time of the latest event.
    event_at bigint,
    accepted bigint not null,
    duplicate bigint not null,
    refused bigint not null,
    primary key (workspace, source)
);

-- Doors for the webhooks of others.
create table hooks (
    workspace text not null references workspaces (id),
    id text not null,
    name text not null,
    -- `standard` or `hub`: how requests are signed.
    signature text not null,
    -- Has to be known to check a signature.
    secret text not null,
    -- JSON: which part of a body is what.
    mapping text not null,
    created_by text not null,
    created_at bigint not null,
    ended_at bigint,
    primary key (workspace, id)
);
create index hook_by_id on hooks (id);

-- Files that were sent, from then on until they are events or given up.
create table uploads (
    workspace text not null references workspaces (id),
    id text not null,
    name text not null,
    -- `events`; others may come.
    kind text not null,
    -- SHA-256 of all bytes, hexadecimal.
    content text not null,
    bytes bigint not null,
    -- `kept`, `waiting`, `running`, `done`, `failed` or `cancelled`.
    state text not null,
    -- JSON: how it shall be read. Empty: nobody has said so.
    asked text not null,
    created_by text not null,
    created_at bigint not null,
    ended_at bigint,
    -- JSON: what came of it.
    result text,
    primary key (workspace, id)
);
create index upload_state on uploads (state);

-- Answers to requests that change something, under the caller's word for "this is the same request".
create table replies (
    -- Whose word it is: the caller, and the workspace.
    scope text not null,
    idempotency_key text not null,
    body_hash text not null,
    -- 0: still being worked on.
    status bigint not null,
    -- Null: it was not kept, because it held a secret.
    body text,
    at bigint not null,
    primary key (scope, idempotency_key)
);
create index replies_at on replies (at);
