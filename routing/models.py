"""The models of the router that this installation knows."""

from django.db import models
from django.db.models import Q


class ModelVersion(models.Model):
    """A trained model on disk, and whether it answers now. At most one row is active."""

    name = models.CharField("名称", max_length=60, unique=True)
    sha256 = models.CharField("文件指纹", max_length=64)
    card = models.JSONField("说明", default=dict)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    activated_at = models.DateTimeField("启用时间", null=True, blank=True)
    is_active = models.BooleanField("正在使用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "分派模型"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="one_active_model"
            )
        ]

    def __str__(self) -> str:
        return self.name
