"""What the end-to-end tests share: the demo's campaign, rendered once."""

from pathlib import Path

import pytest

from qa.demo.campaign import write_campaign


@pytest.fixture(scope="session")
def campaign_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the demo's campaign in `qa-demo/`, as `make demo` leaves it."""
    folder = tmp_path_factory.mktemp("campaign")
    write_campaign(folder / "qa-demo", 0)
    return folder
