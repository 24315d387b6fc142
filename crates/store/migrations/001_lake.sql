-- Workspaces, and events on their way into the lake.
--
-- Types are only text, bigint and double precision, so that the same statements run on SQLite and PostgreSQL. Times are µs
-- since 1970, UTC. Keys of customers are 64 bits without a sign, kept as the bigint of the same bits.

create table workspaces (
    id text primary key,
    name text not null,
    -- 32 hexadecimal digits; whoever has them can tell which key a customer's id becomes.
    hash_key text not null,
    created_at bigint not null,
    -- The last numbers given; taken inside the transaction that uses them.
    last_seq bigint not null default 0,
    last_snapshot bigint not null default 0,
    last_file bigint not null default 0,
    last_column bigint not null default 0
);

-- Requests that were answered: the same key is answered the same way again.
create table requests (
    workspace text not null references workspaces (id),
    idempotency_key text not null,
    body_hash text not null,
    answer text not null,
    at bigint not null,
    primary key (workspace, idempotency_key)
);
create index requests_at on requests (at);

-- Files that were imported, by the hash of their bytes: the same file again changes nothing, however much later.
create table imports (
    workspace text not null references workspaces (id),
    content text not null,
    -- Which column was taken for which, and the zone of its times.
    understood text not null,
    at bigint not null,
    primary key (workspace, content)
);

-- Ids of events of the last days, by which a repeated event is refused at the door. Older repetitions are found by whoever
-- reads.
create table event_ids (
    workspace text not null references workspaces (id),
    customer bigint not null,
    event_id bigint not null,
    at bigint not null,
    primary key (workspace, customer, event_id)
);
create index event_ids_at on event_ids (at);

-- Events that are durable and not yet in a file.
create table tail (
    workspace text not null references workspaces (id),
    seq bigint not null,
    customer bigint not null,
    at bigint not null,
    activity text not null,
    channel text,
    event_id bigint,
    -- A JSON object of texts.
    attributes text,
    primary key (workspace, seq)
);

-- Who a key is. The only place where an identity stands.
create table customers (
    workspace text not null references workspaces (id),
    customer bigint not null,
    id text not null,
    primary key (workspace, customer)
);

create table quarantine (
    workspace text not null references workspaces (id),
    id text not null,
    source text not null,
    line bigint not null,
    reason text not null,
    row_text text not null,
    at bigint not null,
    primary key (workspace, id)
);

-- The file list of the lake, in the shape of DuckLake 1.0, one catalogue a workspace.
create table ducklake_snapshot (
    workspace text not null references workspaces (id),
    snapshot_id bigint not null,
    snapshot_time bigint not null,
    changes_made text not null,
    -- Events of the tail up to this one are in files.
    tail_seq bigint not null,
    primary key (workspace, snapshot_id)
);

create table ducklake_column (
    workspace text not null references workspaces (id),
    column_id bigint not null,
    column_name text not null,
    primary key (workspace, column_id),
    unique (workspace, column_name)
);

create table ducklake_data_file (
    workspace text not null references workspaces (id),
    data_file_id bigint not null,
    begin_snapshot bigint not null,
    end_snapshot bigint,
    path text not null,
    record_count bigint not null,
    file_size_bytes bigint not null,
    footer_size bigint not null,
    -- Months since 1970-01 of every event in it, and the bucket of its customers.
    month bigint not null,
    bucket bigint not null,
    min_at bigint not null,
    max_at bigint not null,
    -- XXH3-128 of all bytes, hexadecimal.
    checksum text not null,
    primary key (workspace, data_file_id)
);
create index data_file_alive on ducklake_data_file (workspace, end_snapshot, month, bucket);

-- Files that are being written, or that no snapshot shows any more: gone from the disk when their line goes.
create table pending_files (
    workspace text not null references workspaces (id),
    path text not null,
    why text not null,
    at bigint not null,
    primary key (workspace, path)
);

-- Customers who asked to be forgotten. Invisible from `asked_at` on; gone from every file at `done_at`.
create table erasures (
    workspace text not null references workspaces (id),
    customer bigint not null,
    asked_at bigint not null,
    -- Files up to this snapshot may hold the customer; what comes later is a new acquaintance.
    snapshot bigint not null,
    done_at bigint,
    primary key (workspace, customer)
);
