"""Draw the dashboards as static pages: the same files, the same SQL, no Metabase and no network."""
