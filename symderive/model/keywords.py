"""The keywords of a network's noise, for those who hand them on; nothing is imported for them."""

#: Noise beside that of single neurons (``noise``, ``dropout``), by the names that
#: :class:`~symderive.model.network.Network` and the options of the commands use.
OTHER_NOISE = (
    "groups",
    "weight_noise",
    "dropconnect",
    "feature_noise",
    "feature_dropout",
    "feature_jitter",
    "hidden_jitter",
    "target_noise",
)
