"""What holds for every scoring package: true doctests, and no Odoo in it."""

import doctest
import importlib
import pkgutil
import sys

import pytest

PACKAGES = sorted(name for name in sys.modules if name.endswith("_scoring"))


def modules():
    for package in PACKAGES:
        yield package
        for info in pkgutil.walk_packages(
            sys.modules[package].__path__, prefix=f"{package}."
        ):
            yield info.name


@pytest.mark.parametrize("name", modules())
def test_doctests(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


def test_no_odoo():
    for name in modules():
        importlib.import_module(name)
    assert "odoo" not in sys.modules
