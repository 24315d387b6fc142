-- How standards were judged, period by period: kept when a period is over, and never changed.
create table verdicts (
    workspace text not null references workspaces (id),
    journey text not null,
    version bigint not null,
    standard text not null,
    -- µs, half-open.
    from_at bigint not null,
    to_at bigint not null,
    -- `meets`, `defective` or `not_proven`.
    verdict text not null,
    kept bigint not null,
    -- Settled checks.
    n bigint not null,
    low double precision,
    high double precision,
    decided_at bigint not null,
    primary key (workspace, journey, standard, from_at, to_at, version)
);
