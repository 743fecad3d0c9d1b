"""The one kind of failure: a rule of the specification is broken."""


class RuleError(Exception):
    """A broken rule, by its number, with a sentence for the reader."""

    def __init__(self, rule, text):
        super().__init__(f"{rule}: {text}")
        self.rule = rule
        self.text = text
