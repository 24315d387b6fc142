-- What customers told: answers and complaints.

-- The last number given to an answer or a complaint; counted on as well when one is taken away, so that it tells of any change.
alter table workspaces add column last_told bigint not null default 0;

-- Answers and complaints that were taken: the same one again changes nothing, however much later. Only a keyed hash of the
-- id that the sender gave, which leads to no row: an anonymous answer must not lead back to the invitation.
create table told_ids (
    workspace text not null references workspaces (id),
    id_hash text not null,
    primary key (workspace, id_hash)
);

create table responses (
    workspace text not null references workspaces (id),
    -- In the order in which they came.
    seq bigint not null,
    -- Keyed hash of the customer's id; null: anonymous, and then times are those of the day's beginning.
    customer bigint,
    -- Id that the journey document gives itself; null: of any journey.
    journey text,
    touchpoint text,
    at bigint,
    question text not null,
    score double precision,
    comment text,
    invited_at bigint,
    -- A JSON object of texts.
    attributes text,
    -- The file or the request that it came with.
    source text not null,
    primary key (workspace, seq)
);
create index response_of_customer on responses (workspace, customer);

create table complaints (
    workspace text not null references workspaces (id),
    seq bigint not null,
    customer bigint,
    journey text,
    touchpoint text,
    at bigint,
    severity double precision,
    text text not null,
    attributes text,
    source text not null,
    primary key (workspace, seq)
);
create index complaint_of_customer on complaints (workspace, customer);
