select
    data_file_id,
    begin_snapshot,
    path,
    record_count,
    file_size_bytes,
    footer_size,
    month,
    bucket,
    min_at,
    max_at,
    checksum
from ducklake_data_file
where workspace = $1
    and begin_snapshot <= $2
    and (end_snapshot is null or end_snapshot > $2)
order by data_file_id
