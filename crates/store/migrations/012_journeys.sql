-- Journeys: the state that is edited, the log of its changes, versions that never change, and what people say of them.

create table journeys (
    workspace text not null references workspaces (id),
    id text not null,
    -- The id that its document carries.
    name text not null,
    title text not null,
    -- Lower case, for searching.
    title_folded text not null,
    scope text not null,
    owner text,
    -- The journey that it is a part of.
    parent text,
    -- Of a target the current one, of which it shows what is wanted.
    target_of text,
    -- Counts the batches that changed something.
    rev bigint not null,
    -- The map as JSON, with what is deleted and can be restored.
    document text not null,
    -- Counts for lists, as JSON.
    health text not null,
    -- Number and rev of the version that holds.
    published bigint,
    published_rev bigint,
    created_at bigint not null,
    created_by text not null,
    changed_at bigint not null,
    changed_by text not null,
    retired_at bigint,
    primary key (workspace, id)
);
create index journey_by_title on journeys (workspace, title_folded, id);
create index journey_by_parent on journeys (workspace, parent);

-- The log. A batch that changed nothing has the rev at which it came.
create table journey_batches (
    workspace text not null,
    journey text not null,
    -- The client's id of the batch: the same again is answered the same.
    batch text not null,
    body_hash text not null,
    rev bigint not null,
    -- How many operations were applied.
    applied bigint not null,
    actor text not null,
    at bigint not null,
    -- As applied, JSON.
    ops text not null,
    -- JSON.
    answer text not null,
    primary key (workspace, journey, batch),
    foreign key (workspace, journey) references journeys (workspace, id)
);
create index batch_by_rev on journey_batches (workspace, journey, rev);

-- Snapshots: published ones, and those that somebody gave a name.
create table journey_versions (
    workspace text not null,
    journey text not null,
    number bigint not null,
    -- published or named
    kind text not null,
    name text not null,
    note text not null,
    rev bigint not null,
    -- The map as people saw it, JSON.
    document text not null,
    created_at bigint not null,
    created_by text not null,
    primary key (workspace, journey, number),
    foreign key (workspace, journey) references journeys (workspace, id)
);

-- Which touchpoints of a later version are which of an earlier one, as people have settled it.
create table journey_mappings (
    workspace text not null,
    journey text not null,
    from_number bigint not null,
    to_number bigint not null,
    -- JSON.
    mapping text not null,
    set_at bigint not null,
    set_by text not null,
    primary key (workspace, journey, from_number, to_number),
    foreign key (workspace, journey) references journeys (workspace, id)
);

create table journey_comments (
    workspace text not null,
    journey text not null,
    id text not null,
    -- The first comment of the thread; of that itself null.
    thread text,
    -- What it is about: map, stage, touchpoint, lane, cell, card or measure, and its id.
    about_kind text not null,
    about_id text not null,
    text text not null,
    author text not null,
    created_at bigint not null,
    edited_at bigint,
    resolved_at bigint,
    resolved_by text,
    deleted_at bigint,
    primary key (workspace, id),
    foreign key (workspace, journey) references journeys (workspace, id)
);
create index comment_of_journey on journey_comments (workspace, journey, created_at, id);

create table journey_mentions (
    workspace text not null,
    comment_id text not null,
    user_id text not null,
    primary key (workspace, comment_id, user_id)
);
create index mention_of_user on journey_mentions (workspace, user_id);

-- Kinds of customers that journeys share.
create table personas (
    workspace text not null references workspaces (id),
    id text not null,
    title text not null,
    -- JSON.
    document text not null,
    changed_at bigint not null,
    changed_by text not null,
    primary key (workspace, id)
);
