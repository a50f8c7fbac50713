-- Words are indexed together with the month, so that the newest claims that hold a frequent word are found without
-- reading all that hold it.

CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Months since the year 0, in UTC.
CREATE FUNCTION claim_month(sort_time timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (extract(year FROM sort_time AT TIME ZONE 'UTC') * 12 + extract(month FROM sort_time AT TIME ZONE 'UTC') - 1)::integer
$$;
