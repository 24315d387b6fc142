-- What measurements found, kept over time, and who is told of it.

create table findings (
    workspace text not null references workspaces (id),
    id text not null,
    journey text not null,
    version bigint,
    kind text not null,
    about text not null,
    touchpoint text,
    state text not null check (state in ('new', 'known', 'confirmed', 'accepted', 'resolved')),
    -- Why it is resolved or accepted.
    reason text,
    -- A user.
    owner text,
    -- As the journey's document has it.
    owner_name text,
    -- 1: somebody chose the owner, and the document does not change it any more.
    owner_chosen bigint not null default 0,
    sentence text not null,
    customers bigint not null,
    score double precision not null,
    -- JSON: the finding as it was last found, with its evidence.
    snapshot text not null,
    source text not null check (source in ('measured', 'manual')),
    found_at bigint not null,
    seen_at bigint not null,
    -- Measurements in a row that did not find it.
    absences bigint not null default 0,
    reopened bigint not null default 0,
    merged_into text,
    last_seq bigint not null default 0,
    primary key (workspace, id)
);
create index finding_by_score on findings (workspace, score, id);
create index finding_of_owner on findings (workspace, owner);

-- By what a finding is known again; several keys after findings were merged.
create table finding_keys (
    workspace text not null references workspaces (id),
    journey text not null,
    key text not null,
    finding text not null,
    primary key (workspace, journey, key)
);

-- How large it was, measurement by measurement.
create table finding_sizes (
    workspace text not null references workspaces (id),
    finding text not null,
    -- The horizon of the measurement.
    at bigint not null,
    version bigint,
    score double precision not null,
    customers bigint not null,
    what text not null,
    value double precision,
    low double precision,
    high double precision,
    n bigint not null,
    primary key (workspace, finding, at)
);

create table finding_history (
    workspace text not null references workspaces (id),
    finding text not null,
    seq bigint not null,
    at bigint not null,
    actor text not null,
    what text not null,
    before text,
    after text,
    note text,
    primary key (workspace, finding, seq)
);

-- Measurements whose findings are kept: the same one again changes nothing.
create table finding_measurements (
    workspace text not null references workspaces (id),
    journey text not null,
    hash text not null,
    as_of bigint not null,
    version bigint,
    kept_at bigint not null,
    primary key (workspace, journey, hash)
);

-- The verdict on each standard as it was last measured, and as its owner was last told.
create table standing_verdicts (
    workspace text not null references workspaces (id),
    journey text not null,
    standard text not null,
    touchpoint text,
    statement text not null,
    verdict text not null,
    -- `defective` or `sound`: changes on a proven change of verdict only.
    told text not null,
    promise double precision not null,
    share double precision,
    low double precision,
    high double precision,
    n bigint not null,
    owner text,
    owner_name text,
    since bigint not null,
    measured_at bigint not null,
    primary key (workspace, journey, standard)
);

create table notifications (
    workspace text not null references workspaces (id),
    -- UUIDv7: the order in which they came.
    id text not null,
    user_id text not null references users (id),
    kind text not null,
    -- `finding:ID`, `standard:JOURNEY/ID` and so on.
    object text not null,
    sentence text not null,
    at bigint not null,
    read_at bigint,
    -- 1: by mail too.
    by_mail bigint not null,
    -- The letter that it went into.
    mail text,
    primary key (workspace, id)
);
create index notification_of_user on notifications (workspace, user_id, id);

-- How a user wants to be told; without a row: as the program thinks best.
create table preferences (
    workspace text not null references workspaces (id),
    user_id text not null references users (id),
    -- JSON: kind → `mail`, `inbox` or `off`.
    kinds text not null,
    digest text not null check (digest in ('immediately', 'daily', 'weekly')),
    -- Minutes of the day in the zone; null: no quiet hours.
    quiet_from bigint,
    quiet_to bigint,
    zone text not null,
    changed_at bigint not null,
    primary key (workspace, user_id)
);

-- Links at the foot of letters, by the hash of their token.
create table unsubscribes (
    token_hash text primary key,
    workspace text not null references workspaces (id),
    user_id text not null references users (id),
    created_at bigint not null
);
