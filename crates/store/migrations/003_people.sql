-- Who signs in, what they may where, and what was done by whom.

-- Users belong to the whole installation; what they may is said by workspace.
create table users (
    id text primary key,
    -- Lower case.
    email text not null unique,
    name text not null,
    -- A hash in PHC form; null: no sign-in with a password.
    password text,
    created_at bigint not null,
    signed_in_at bigint,
    -- From then on the user is refused everywhere.
    deactivated_at bigint
);

-- Departments, branches, dealers.
create table units (
    workspace text not null references workspaces (id),
    id text not null,
    name text not null,
    parent text,
    primary key (workspace, id)
);

create table members (
    workspace text not null references workspaces (id),
    user_id text not null references users (id),
    role text not null,
    unit text,
    added_at bigint not null,
    primary key (workspace, user_id)
);
create index member_of_user on members (user_id);

-- Of a token only its hash is kept: SHA-256, hexadecimal.
create table sessions (
    token_hash text primary key,
    user_id text not null references users (id),
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null,
    origin text not null
);
create index session_of_user on sessions (user_id);

create table api_keys (
    workspace text not null references workspaces (id),
    id text not null,
    name text not null,
    -- The first characters, to tell keys apart.
    prefix text not null,
    token_hash text not null unique,
    -- Words with a space between.
    scopes text not null,
    created_by text not null,
    created_at bigint not null,
    used_at bigint,
    ended_at bigint,
    primary key (workspace, id)
);

-- What was done. Each line carries the hash of the line before; the workspace of the whole installation is ''.
create table audit (
    workspace text not null,
    seq bigint not null,
    at bigint not null,
    actor text not null,
    origin text not null,
    request text not null,
    action text not null,
    object text not null,
    -- JSON.
    before text,
    after text,
    outcome text not null,
    hash text not null,
    primary key (workspace, seq)
);
create table audit_heads (
    workspace text primary key,
    seq bigint not null,
    hash text not null
);
