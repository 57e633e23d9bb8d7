"""The errors that users meet: each message is one sentence naming what, where and how to mend it."""


class InputError(ValueError):
    """An argument, a file or a combination of the two that cannot be used as given."""


class MissingExtraError(ImportError):
    """An optional dependency is needed and absent; the message names the extra that brings it."""
