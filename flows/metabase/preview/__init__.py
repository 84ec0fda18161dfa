"""The preview: the dashboards drawn without a Metabase."""
