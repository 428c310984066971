"""Every example in a public docstring runs."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import vvvresearch

MODULES = sorted(module.name for module in pkgutil.walk_packages(vvvresearch.__path__, "vvvresearch."))

OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_give_what_they_say(name: str) -> None:
    module = importlib.import_module(name)
    found = doctest.testmod(module, optionflags=OPTIONS)
    assert found.failed == 0
    # doctest passes over analyses whose results know how they were made, since those are wrapped elsewhere.
    for one, value in vars(module).items():
        if inspect.isfunction(value) and value.__module__ == name and hasattr(value, "__wrapped__"):
            for example in doctest.DocTestFinder().find(inspect.unwrap(value), one, module=module):
                assert doctest.DocTestRunner(optionflags=OPTIONS).run(example).failed == 0
