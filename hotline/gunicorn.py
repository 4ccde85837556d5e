"""Settings of the web server that its command line cannot say."""

from typing import Any

from hotline.processes import die_with_parent


def post_fork(server: Any, worker: Any) -> None:
    """A killed server takes its processes with it."""
    die_with_parent()
