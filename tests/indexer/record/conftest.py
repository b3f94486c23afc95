"""An archive and its record for each test, on both databases."""

import pytest

from config.settings import Settings
from tests.indexer.record.ministry import Ministry


@pytest.fixture
def ministry(tmp_path, database):
    made = Ministry(Settings(data=tmp_path / "data"), database)
    yield made
    made.archive.close()
