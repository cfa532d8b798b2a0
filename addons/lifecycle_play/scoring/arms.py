"""Who is held out: a stable share of the customers of a play."""

import hashlib

# The first 32 bits of the hash decide: as many equal parts of all customers.
PARTS = 2**32


def get_position(seed, customer):
    """Where a customer stands between 0 and 1, the same every time.

    The first 32 bits of the MD5 of ``seed:customer``, which PostgreSQL computes alike.

    :param seed: text of the play, so that no two plays hold out the same customers
    :param customer: id of the customer
    :return: from 0, below 1

    >>> round(get_position("play", 7), 6)
    0.456177
    """
    digest = hashlib.md5(f"{seed}:{customer}".encode(), usedforsecurity=False)
    return int(digest.hexdigest()[:8], 16) / PARTS


def get_arm(seed, customer, control_share):
    """``control``: held out, ``treated``: gets the steps.

    :param control_share: share of the customers that is held out, 0 to 1

    >>> get_arm("play", 7, 0.1), get_arm("play", 7, 0.5)
    ('treated', 'control')
    """
    held_out = get_position(seed, customer) < control_share
    return "control" if held_out else "treated"
