"""Training in PyTorch beside the exact minimum; needs the extra ``train``.

>>> from symderive.torch import DistanceToOptimum
"""

from symderive.torch.monitor import DistanceToOptimum, Progress

__all__ = ["DistanceToOptimum", "Progress"]
