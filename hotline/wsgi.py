"""What the web server loads."""

import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
application = get_wsgi_application()


def warm_up() -> None:
    """Load catalogue and model before the first call comes: processes forked after this share them,
    and the first operator does not wait for them. A system still without them starts all the same;
    /readyz says what is missing."""
    from django.db import Error, connections

    from catalog.snapshot import CatalogueMissing
    from routing.actions import ModelMissing
    from routing.service import route

    try:
        route("路灯不亮")
    except (CatalogueMissing, ModelMissing, Error) as error:
        logging.getLogger("hotline").warning("not ready to route yet: %s", error)
    finally:
        connections.close_all()  # a connection must not be shared by forked processes


warm_up()
