-- Figures of the trend that were frozen, so that a bulletin can cite them, and the shapes of places
-- for maps. Not breaking: new tables.

create table trend_snapshots (
  -- Digest of the figures: the same figures have the same one, and none can be changed under it.
  id text collate "C" primary key,
  place text not null,
  path text collate "C" not null,
  until_on date not null,
  -- The record that the figures were read from.
  receipt bigint not null,
  made_ms bigint not null,
  made_by text not null,
  figures jsonb not null,
  constraint trend_snapshots_id_check check (id ~ '^[0-9a-f]{32}$')
);
create index trend_snapshots_place_idx on trend_snapshots (place, made_ms);

-- Where a place lies: always a point, and an outline where somebody has drawn one.
create table place_shapes (
  place text primary key references places,
  longitude double precision not null,
  latitude double precision not null,
  -- GeoJSON Polygon or MultiPolygon in WGS 84; null for a place that has only its point.
  outline jsonb,
  source text not null,
  constraint place_shapes_longitude_check check (longitude between -180 and 180),
  constraint place_shapes_latitude_check check (latitude between -90 and 90)
);

grant select, insert on trend_snapshots to sextant_service;
grant select, insert, update on place_shapes to sextant_service;
