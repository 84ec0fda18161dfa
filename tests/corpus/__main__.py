"""Write every broken and odd file into a folder: `python -m tests.corpus FOLDER [SEED]`."""

import sys
from pathlib import Path

from tests.corpus.kinds import SEED, write_all

if __name__ == "__main__":
    folder, *seed = sys.argv[1:]
    write_all(Path(folder), *(seed or [SEED]))
