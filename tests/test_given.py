"""Which texts depend on what other files give them: asked before any other is read."""

from __future__ import annotations

import pytest

from flake8_lambda_handler.project import given

DEPENDS = {
    "a parameter": "def save(repo, item):\n    repo.put(item)\n",
    "one with a default": "def save(item: int, repo=None):\n    repo.put(item)\n",
    "one behind a generic": "def save(a: dict[str, int], repo):\n    repo.put(a)\n",
    "one behind a comment": "def save(\n    a: int,  # of b, c\n    repo,\n):\n    repo.put(a)\n",
    "one behind a call": "def save(a=int(), repo=None):\n    repo.put(a)\n",
    "many": "def save(*repos):\n    repos.put()\n",
    "an attribute": (
        "class A:\n    def __init__(self, repo):\n        self.repo = repo\n"
        "    def save(self):\n        self.repo.put()\n"
    ),
    "an attribute with an annotation": (
        "class A(B):\n    def __init__(self, repo):\n        self.repo: Any = repo\n"
        "    def save(self):\n        self.repo.put()\n"
    ),
    "items of a parameter": "def go(steps):\n    for one in steps:\n        one.run()\n",
    "items of an attribute": (
        "class A(B):\n    def __init__(self, steps):\n        self.steps = steps\n"
        "    def go(self):\n        for one in self.steps:\n            one.run()\n"
    ),
    "a mixin": "class Mixin:\n    def go(self):\n        self.save()\n",
    "a mixin of object": "class Mixin(object):\n    def go(self):\n        self.save()\n",
}
DEPENDS_NOT = {
    "an annotation": "def save(repo: Repo, item):\n    repo.put(item)\n",
    "annotations, one generic": (
        "def save(a: dict[str, list[int]], repo: Repo = None):\n    repo.put(a)\n"
    ),
    "nothing of it is used": "def save(repo, item):\n    print(repo, item)\n",
    "another name": "def save(repo):\n    store.put(repo)\n",
    "only itself": "class A(B):\n    def save(self):\n        self.put()\n",
    "only its class": "class A(B):\n    def save(cls):\n        cls.put()\n",
    "an attribute made here": (
        "class A(B):\n    def __init__(self, repo):\n        self.repo = Repo(1)\n"
        "    def save(self):\n        self.repo.put()\n"
    ),
    "an attribute that is only kept": (
        "class A(B):\n    def __init__(self, repo):\n        self.repo = repo\n"
    ),
    "items of another": "def go(steps):\n    for one in STEPS:\n        one.run(steps)\n",
    "items of an attribute made here": (
        "class A(B):\n    def __init__(self, steps):\n        self.steps = [steps]\n"
        "    def go(self):\n        for one in self.steps:\n            one.run()\n"
    ),
    "a class with what it calls": (
        "class A:\n    def go(self):\n        self.save()\n    def save(self): ...\n"
    ),
    "no function": "repo = Repo()\nrepo.put(1)\n",
}


@pytest.mark.parametrize("text", DEPENDS.values(), ids=DEPENDS)
def test_depends(text):
    assert given.uses_what_others_say(text)


@pytest.mark.parametrize("text", DEPENDS_NOT.values(), ids=DEPENDS_NOT)
def test_does_not(text):
    assert not given.uses_what_others_say(text)
