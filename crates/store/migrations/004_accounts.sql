-- How users prove who they are, and how somebody becomes one.

-- Since when the user looks after the whole installation; null: an ordinary one.
alter table users add column owner_since bigint;
-- Base 32; counts from the moment when it was confirmed.
alter table users add column totp_secret text;
alter table users add column totp_confirmed_at bigint;
-- The last step of 30 seconds whose code was taken: no code is taken twice.
alter table users add column totp_step bigint;

-- When the user last proved to be the one.
alter table sessions add column proved_at bigint;

-- SHA-256; a code that was used is gone.
create table recovery_codes (
    user_id text not null references users (id),
    code_hash text not null,
    primary key (user_id, code_hash)
);

-- Links that are good for one use: set-up, a new password, the second step of a sign-in.
create table links (
    token_hash text primary key,
    kind text not null,
    -- Null: nobody is there yet.
    user_id text references users (id),
    created_at bigint not null,
    expires_at bigint not null
);
create index link_of_user on links (kind, user_id);

-- Failures to prove who one is, by account and by address.
create table attempts (
    subject text primary key,
    failures bigint not null,
    last_at bigint not null,
    -- Nothing is taken before.
    free_at bigint not null
);

-- Users as a provider of identities knows them.
create table identities (
    issuer text not null,
    subject text not null,
    user_id text not null references users (id),
    linked_at bigint not null,
    primary key (issuer, subject)
);
create index identity_of_user on identities (user_id);

-- Sign-ins that wait for a provider's answer.
create table departures (
    state_hash text primary key,
    nonce text not null,
    verifier text not null,
    -- Where the browser goes afterwards.
    next text not null,
    expires_at bigint not null
);

create table invitations (
    workspace text not null references workspaces (id),
    id text not null,
    -- Lower case: nobody with another address may come in by it.
    email text not null,
    role text not null,
    unit text,
    token_hash text not null unique,
    invited_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    accepted_at bigint,
    ended_at bigint,
    primary key (workspace, id)
);
create index invitation_of_address on invitations (email);
