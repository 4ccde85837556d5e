"""Settings of the tests: keys of their own, fast passwords, nothing outside a temporary folder."""

import os
import tempfile

os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["FIELD_KEY"] = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="hotline-tests-"))

from hotline.settings import *  # noqa: F403
from hotline.settings import DATABASES, MIDDLEWARE, STORAGES, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in earnest: an in-memory database locks whole tables between threads.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
