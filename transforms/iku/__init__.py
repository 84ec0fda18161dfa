"""The indicators, one file each, found by file name (`transforms.indicators`)."""
