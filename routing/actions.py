"""Register, activate and roll back models; the active one is kept in memory by each process."""

import logging
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from routing.ml.artifact import Card, ModelFileError, load_model, read_card, save_model
from routing.ml.model import Model
from routing.ml.predictor import Predictor
from routing.models import ModelVersion

logger = logging.getLogger(__name__)

# How long a process may answer with a model after another one was activated, in seconds.
CHECK_EVERY = 1.0


class ModelMissing(Exception):
    """No model is active; the message (Chinese) says how to get one."""


@dataclass
class _Held:
    sha256: str
    predictor: Predictor
    checked_at: float


_lock = threading.Lock()
_held: _Held | None = None


def model_folder(name: str) -> Path:
    return Path(settings.MODEL_DIR) / name


def register_model(*, model: Model, card: Card) -> ModelVersion:
    """Write the model's files under MODEL_DIR, then its row (not active). The files of a failed
    write are removed. Raises ModelFileError when the folder is already there."""
    folder = model_folder(card.name)
    if folder.exists():
        raise ModelFileError(f"模型文件夹已存在，不会覆盖：{folder}")
    try:
        finished = save_model(model, card, folder)
        return ModelVersion.objects.create(
            name=finished.name, sha256=finished.sha256, card=finished.to_json()
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def adopt_model(*, lesson_hash: str) -> ModelVersion | None:
    """Register a model that already lies under MODEL_DIR and was trained on the same lesson (for
    example by another database of this installation); None when there is none that can be read."""
    for folder in sorted(Path(settings.MODEL_DIR).glob("*/"), reverse=True):
        try:
            card = read_card(folder)
            if card.lesson_hash != lesson_hash:
                continue
            load_model(folder)
        except ModelFileError as error:
            logger.warning("%s", error)
            continue
        version, _ = ModelVersion.objects.get_or_create(
            name=card.name, defaults={"sha256": card.sha256, "card": card.to_json()}
        )
        return version if version.sha256 == card.sha256 else None
    return None


def activate_model(*, version: ModelVersion) -> ModelVersion:
    """Check the files, then make this model the one that answers. Raises ModelFileError and leaves
    everything as it was when the files are not good."""
    load_model(model_folder(version.name), version.sha256)
    with transaction.atomic():
        ModelVersion.objects.select_for_update().filter(is_active=True).update(is_active=False)
        version.is_active = True
        version.activated_at = timezone.now()
        version.save(update_fields=["is_active", "activated_at"])
    return version


def roll_back_model() -> ModelVersion:
    """Activate the model that answered before the active one. Raises ModelMissing when there is
    none, ModelFileError when its files are not good."""
    active = ModelVersion.objects.filter(is_active=True).first()
    former = ModelVersion.objects.filter(activated_at__isnull=False, is_active=False)
    if active and active.activated_at:
        former = former.filter(activated_at__lt=active.activated_at)
    version = former.order_by("-activated_at").first()
    if version is None:
        raise ModelMissing("没有可以回退的模型：此前没有启用过别的模型")
    load_model(model_folder(version.name), version.sha256)
    with transaction.atomic():
        ModelVersion.objects.select_for_update().filter(is_active=True).update(is_active=False)
        # The time of its first activation stays: a second roll-back goes further back.
        ModelVersion.objects.filter(pk=version.pk).update(is_active=True)
    version.refresh_from_db()
    return version


def active_predictor() -> Predictor:
    """The predictor of the active model, read once and again when another model is activated.

    Costs one small query at most each second. Raises ModelMissing, or ModelFileError when the
    files do not match the row.
    """
    global _held
    held = _held
    now = time.monotonic()
    if held and now - held.checked_at < CHECK_EVERY:
        return held.predictor
    row = ModelVersion.objects.filter(is_active=True).values("name", "sha256").first()
    if row is None:
        raise ModelMissing(
            "还没有启用分派模型：请运行 make setup 或 python manage.py train_router --activate"
        )
    with _lock:
        held = _held
        if held is None or held.sha256 != row["sha256"]:
            model, card = load_model(model_folder(row["name"]), row["sha256"])
            predictor = Predictor(model, card.name, Path(settings.MODEL_DIR))
            held = _held = _Held(row["sha256"], predictor, now)
        held.checked_at = now
        return held.predictor


def forget_predictor() -> None:
    """Drop the held model, so that the next call reads it again."""
    global _held
    with _lock:
        _held = None


__all__ = [
    "ModelFileError",
    "ModelMissing",
    "activate_model",
    "active_predictor",
    "adopt_model",
    "forget_predictor",
    "model_folder",
    "register_model",
    "roll_back_model",
]
