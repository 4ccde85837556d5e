"""The catalogue from its files, and the trained stage for what needs a model."""

import pytest

from catalog.rules.assembly import catalogue_from_files
from routing.actions import forget_predictor


@pytest.fixture(scope="session")
def catalogue():
    from catalog.loading import DATA_DIR

    return catalogue_from_files(DATA_DIR)


@pytest.fixture(autouse=True)
def _fresh_predictor():
    """A test's model is gone after it."""
    forget_predictor()
    yield
    forget_predictor()
