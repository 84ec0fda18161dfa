"""The 14 indicators, one file each, found by file name (`transforms.indicators`)."""
