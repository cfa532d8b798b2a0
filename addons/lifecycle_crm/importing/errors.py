"""What is wrong with a whole file; what is wrong with one line is a row of a table."""


class FileProblem(Exception):
    """The file as a whole cannot be read.

    :param code: which problem, for the caller to put into the user's language
    :param values: what the sentence about it names
    """

    def __init__(self, code, **values):
        super().__init__(code, values)
        self.code = code
        self.values = values
